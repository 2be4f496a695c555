import { Injectable } from '@nestjs/common';
import { compactVerify, decodeProtectedHeader, errors } from 'jose';
import { AccessConfig } from '../../access/access.config.js';
import type { VerificationKey } from '../../access/verification/verification-keys.js';
import { IssuedKeys } from '../../tokens/keys/store/issued-keys.js';
import { oauthErrors } from '../oauth.errors.js';

/** Who has signed in, and at which client, as one of our ID tokens says it. */
export interface HintedSession {
  readonly clientId: string;
  readonly userId: string;
  /** The session at the client, live or not. */
  readonly sessionId: string;
}

const NOT_OURS = 'id_token_hint is no ID token of this issuer.';

/**
 * Reads an `id_token_hint` (OpenID Connect RP-Initiated Logout 1.0 section 4): an ID token that was issued
 * here, however long ago. That it has expired is nothing against it: it hints at somebody, and proves nobody.
 */
@Injectable()
export class IdTokenHint {
  constructor(
    private readonly keys: IssuedKeys,
    private readonly access: AccessConfig,
  ) {}

  /** @throws LatchkeyError `oauth.invalid_request` for any other token, also an access token */
  async read(hint: string): Promise<HintedSession> {
    const { aud, sub, sid } = await this.claimsOf(hint);
    const isComplete = [aud, sub, sid].every((claim) => typeof claim === 'string');
    if (!isComplete) throw oauthErrors.invalidRequest({ detail: NOT_OURS });
    return { clientId: String(aud), userId: String(sub), sessionId: String(sid) };
  }

  private async claimsOf(hint: string): Promise<Readonly<Record<string, unknown>>> {
    const found = await this.keys.find(kidOf(hint));
    const claims = found === null ? null : await verified(hint, found);
    if (claims?.iss === this.access.issuer) return claims;
    throw oauthErrors.invalidRequest({ detail: NOT_OURS });
  }
}

/** Nothing is verified yet. */
function kidOf(hint: string): string {
  try {
    return String(decodeProtectedHeader(hint).kid);
  } catch {
    return '';
  }
}

/** The claims of an ID token, whenever it has expired; null where signature, algorithm or type are not right. */
async function verified(
  hint: string,
  { key, algorithm }: VerificationKey,
): Promise<Readonly<Record<string, unknown>> | null> {
  if (key === null || algorithm === null) return null;
  try {
    const { payload, protectedHeader } = await compactVerify(hint, key, {
      algorithms: [algorithm],
    });
    return protectedHeader.typ === 'JWT' ? JSON.parse(Buffer.from(payload).toString()) : null;
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}
