import { Injectable } from '@nestjs/common';
import { accessErrors } from '../access/access.errors.js';
import { AccessTokenVerifier } from '../access/access-token-verifier.js';
import type { Principal } from '../access/principal.js';
import { RevocationList } from '../access/revocation-list.js';
import { LatchkeyError } from '../errors/latchkey-error.js';

const UNAUTHENTICATED = 401;
const RETRY_AFTER_SECONDS = 2;

/** Judges access tokens that somebody shows, as the guard judges those that somebody uses. */
@Injectable()
export class LiveAccessTokens {
  constructor(
    private readonly verifier: AccessTokenVerifier,
    private readonly revocations: RevocationList,
  ) {}

  /**
   * Null for whatever a guarded route would refuse with 401.
   *
   * @throws LatchkeyError `access.revocation_unavailable`
   */
  async find(token: string): Promise<Principal | null> {
    const principal = await this.verified(token);
    if (principal === null) return null;
    const verdict = this.revocations.verdict(principal);
    if (verdict === 'unknown') {
      throw accessErrors.revocationUnavailable({ retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    return verdict === 'live' ? principal : null;
  }

  private async verified(token: string): Promise<Principal | null> {
    try {
      return await this.verifier.verify(token);
    } catch (error) {
      if (error instanceof LatchkeyError && error.definition.status === UNAUTHENTICATED)
        return null;
      throw error;
    }
  }
}
