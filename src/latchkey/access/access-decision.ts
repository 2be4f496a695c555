import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import type { LatchkeyError } from '../platform/errors/latchkey-error.js';
import { AccessConfig } from './access.config.js';
import { accessErrors } from './access.errors.js';
import { type AccessDemands, hasScopes, meets, NO_DEMANDS } from './access-demands.js';
import { type AssuranceDemand, meetsAssurance, strictest } from './assurance.js';
import { insufficientAssurance } from './insufficient-assurance.js';
import { insufficientScope } from './insufficient-scope.js';
import { levelThatOpens } from './level-that-opens.js';
import type { Principal } from './principal.js';
import { RevocationList } from './revocation-list.js';
import { AccessTokenVerifier } from './verification/access-token-verifier.js';

const RETRY_AFTER_SECONDS = 2;

/**
 * Whether a caller whose token is authentic may pass now: judged on every request, from memory,
 * with no SQL and no Redis command.
 */
@Injectable()
export class AccessDecision {
  constructor(
    private readonly verifier: AccessTokenVerifier,
    private readonly revocations: RevocationList,
    private readonly clock: Clock,
    private readonly config: AccessConfig,
  ) {}

  /**
   * @throws LatchkeyError `access.token_expired`, `access.token_revoked`, `access.token_stale`,
   *   `access.revocation_unavailable`, `access.forbidden`, `access.assurance_insufficient`,
   *   `auth.fresh_sign_in_required`
   */
  requireAccess(principal: Principal, demands: AccessDemands): void {
    this.requireLive(principal);
    this.requireMet(principal, demands);
  }

  /**
   * @throws LatchkeyError `access.token_expired`, `access.token_revoked`, `access.token_stale`,
   *   `access.revocation_unavailable`
   */
  requireLive(principal: Principal): void {
    const moment = this.clock.moment();
    this.verifier.requireInTime(principal, moment.now);
    const verdict = this.revocations.verdict(principal, moment);
    if (verdict === 'revoked') throw accessErrors.tokenRevoked();
    if (verdict === 'stale') throw accessErrors.tokenStale();
    if (verdict === 'unknown') {
      throw accessErrors.revocationUnavailable({ retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
  }

  /**
   * What only a withheld role would open is refused with 401 `access.assurance_insufficient`, which names
   * the least level that opens it.
   *
   * @throws LatchkeyError `access.forbidden`, `access.assurance_insufficient`,
   *   `auth.fresh_sign_in_required`
   */
  requireMet(principal: Principal, demands: AccessDemands): void {
    if (!hasScopes(principal, demands.scopes)) throw insufficientScope(demands.scopes);
    if (!meets(principal, demands)) throw this.refusalOf(principal, demands);
    const { assurance, freshSignIn } = demands;
    if (!freshSignIn && assurance === NO_DEMANDS.assurance) return;
    const now = this.clock.now();
    if (!meetsAssurance(principal, assurance, now)) {
      throw insufficientAssurance(accessErrors.assuranceInsufficient, assurance);
    }
    const fresh = this.freshness;
    if (!freshSignIn || meetsAssurance(principal, fresh, now)) return;
    throw insufficientAssurance(accessErrors.freshSignInRequired, { ...assurance, ...fresh });
  }

  /** Asks at once for all that the route demands, so that one step-up is enough. */
  private refusalOf(principal: Principal, demands: AccessDemands): LatchkeyError {
    const acr = levelThatOpens(principal, demands);
    if (acr === null) return accessErrors.forbidden();
    const age = demands.freshSignIn ? this.freshness : NO_DEMANDS.assurance;
    const demand = strictest([{ acr }, demands.assurance, age]);
    return insufficientAssurance(accessErrors.assuranceInsufficient, demand);
  }

  private get freshness(): AssuranceDemand {
    return { maxAgeSeconds: this.config.freshSignInSeconds };
  }
}
