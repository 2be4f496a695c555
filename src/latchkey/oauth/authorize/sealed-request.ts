import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { AppSecrets } from '../../platform/config/app-secrets.js';
import { RowCipher } from '../../platform/config/row-cipher.js';

const PURPOSE = 'authorization-request';
/** Time enough to read a mail, and to look for the second factor. */
const LIFETIME_SECONDS = 3_600;

/** A request that waits for a person. */
export interface WaitingRequest {
  readonly parameters: readonly [string, string][];
  /** Whether the client has pushed it itself (RFC 9126). */
  readonly isPushed: boolean;
  /** When it came, in seconds since the epoch. */
  readonly cameAt: number;
  /** When whoever was signed in then had last shown a factor: what is shown for the request is shown after it. */
  readonly shownBefore: number | null;
  /** The session of the sign-in that has to answer it; null: whoever signs in. */
  readonly sessionId: string | null;
  /** Whether that session's user has said yes to it. */
  readonly confirmed: boolean;
}

/**
 * Carries a request to the pages and back as an opaque text: encrypted, so that addresses tell nothing of it; and
 * authentic, so that nobody says for somebody else that they have consented. It is stored nowhere: whoever asks
 * without signing in fills no table. It is good for an hour, in the hands of its session.
 */
@Injectable()
export class SealedRequest {
  private readonly cipher: RowCipher;

  constructor(
    secrets: AppSecrets,
    private readonly clock: Clock,
  ) {
    this.cipher = new RowCipher(secrets, PURPOSE);
  }

  seal(request: WaitingRequest): string {
    const bytes = Buffer.from(JSON.stringify(request));
    return this.cipher.encrypt(PURPOSE, bytes).toString('base64url');
  }

  /** Null for what was not sealed here, or an hour ago. */
  open(text: string): WaitingRequest | null {
    const bytes = this.cipher.decrypt(PURPOSE, Buffer.from(text, 'base64url'))?.bytes;
    if (bytes === undefined) return null;
    const request: WaitingRequest = JSON.parse(bytes.toString('utf8'));
    const ageSeconds = this.clock.now() / 1000 - request.cameAt;
    return ageSeconds < LIFETIME_SECONDS ? request : null;
  }
}
