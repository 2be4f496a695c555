import { accessErrors } from '../access.errors.js';
import type { VerificationKey } from './verification-keys.js';

/** Requests that may wait for the next look; each of them holds a connection. */
const MAX_WAITING = 1_000;
const RETRY_SECONDS = 1;

/** Where keys come from, and what is known of it. */
export interface KeySource {
  find(kid: string): VerificationKey | undefined;
  /** Resolves when a look is over that began after this call. Never rejects. */
  look(): Promise<void>;
  /** Whether the last look failed. */
  isFailing(): boolean;
}

/**
 * Looks for keys that are not known. A key counts as unknown only after a look-up that began after
 * the question, so that forged tokens cannot cause good ones to be refused.
 */
export class UnknownKeys {
  private waiting = 0;

  constructor(private readonly source: KeySource) {}

  /** @throws LatchkeyError `access.keys_unavailable` */
  async lookUp(kid: string): Promise<VerificationKey | undefined> {
    const looked = this.source.look();
    // During an outage callers get the error at once instead of waiting for the next attempt.
    if (this.source.isFailing() || this.waiting >= MAX_WAITING) throw unavailable();
    this.waiting++;
    await looked;
    this.waiting--;
    const key = this.source.find(kid);
    if (key === undefined && this.source.isFailing()) throw unavailable();
    return key;
  }
}

function unavailable() {
  return accessErrors.keysUnavailable({ retryAfterSeconds: RETRY_SECONDS });
}
