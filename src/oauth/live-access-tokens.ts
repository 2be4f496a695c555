import { Injectable } from '@nestjs/common';
import { AccessDecision } from '../access/access-decision.js';
import type { AccessDemands } from '../access/access-demands.js';
import { AccessTokenVerifier } from '../access/access-token-verifier.js';
import type { Principal } from '../access/principal.js';
import { LatchkeyError } from '../errors/latchkey-error.js';

const UNAUTHENTICATED = 401;
const NOTHING_MORE: AccessDemands = { public: false, roles: [], permissions: [] };

/** Judges access tokens that somebody shows, as the guard judges those that somebody uses. */
@Injectable()
export class LiveAccessTokens {
  constructor(
    private readonly verifier: AccessTokenVerifier,
    private readonly decision: AccessDecision,
  ) {}

  /**
   * Null for whatever a guarded route would refuse with 401.
   *
   * @throws LatchkeyError `access.keys_unavailable`, `access.revocation_unavailable`
   */
  async find(token: string): Promise<Principal | null> {
    try {
      const principal = await this.verifier.verify(token);
      this.decision.requireAccess(principal, NOTHING_MORE);
      return principal;
    } catch (error) {
      const refused = error instanceof LatchkeyError && error.definition.status === UNAUTHENTICATED;
      if (refused) return null;
      throw error;
    }
  }
}
