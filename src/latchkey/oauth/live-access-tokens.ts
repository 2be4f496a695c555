import { Injectable } from '@nestjs/common';
import { accessErrors } from '../access/access.errors.js';
import { AccessDecision } from '../access/access-decision.js';
import { NO_DEMANDS } from '../access/access-demands.js';
import type { Principal } from '../access/principal.js';
import { RevocationList } from '../access/revocation-list.js';
import { AccessTokenVerifier } from '../access/verification/access-token-verifier.js';
import { Clock } from '../platform/clock/clock.js';

/** What a guarded route refuses with 401. */
const NOT_LIVE = [
  accessErrors.tokenInvalid,
  accessErrors.tokenExpired,
  accessErrors.tokenRevoked,
  accessErrors.tokenStale,
];

/** Judges access tokens that somebody shows, as the guard judges those that somebody uses. */
@Injectable()
export class LiveAccessTokens {
  constructor(
    private readonly verifier: AccessTokenVerifier,
    private readonly decision: AccessDecision,
    private readonly revocations: RevocationList,
    private readonly clock: Clock,
  ) {}

  /**
   * Null for whatever a guarded route would refuse with 401.
   *
   * @param audiences see `AccessTokenVerifier.verify`
   * @throws LatchkeyError `access.keys_unavailable`, `access.revocation_unavailable`
   */
  async find(token: string, audiences?: readonly string[] | 'any'): Promise<Principal | null> {
    return unlessUnauthenticated(async () => {
      const principal = await this.verifier.verify(token, audiences);
      this.decision.requireAccess(principal, NO_DEMANDS);
      return principal;
    });
  }

  /**
   * Null for what is not authentic, has expired or has been revoked. A token that is stale names a
   * session that goes on; and no service needs to know what else has been revoked to end one.
   *
   * @throws LatchkeyError `access.keys_unavailable`
   */
  async findRevocable(token: string): Promise<Principal | null> {
    return unlessUnauthenticated(async () => {
      const principal = await this.verifier.verify(token, 'any');
      const verdict = this.revocations.verdict(principal, this.clock.moment());
      return verdict === 'revoked' ? null : principal;
    });
  }
}

async function unlessUnauthenticated(
  judge: () => Promise<Principal | null>,
): Promise<Principal | null> {
  try {
    return await judge();
  } catch (error) {
    if (NOT_LIVE.some((refusal) => refusal.is(error))) return null;
    throw error;
  }
}
