import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { AccessConfig } from './access.config.js';
import { accessErrors } from './access.errors.js';
import { type AccessDemands, meets, NO_DEMANDS } from './access-demands.js';
import { meetsAssurance } from './assurance.js';
import { insufficientAssurance } from './insufficient-assurance.js';
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
   * @throws LatchkeyError `access.forbidden`, `access.assurance_insufficient`,
   *   `auth.fresh_sign_in_required`
   */
  requireMet(principal: Principal, demands: AccessDemands): void {
    if (!meets(principal, demands)) throw accessErrors.forbidden();
    const { assurance, freshSignIn } = demands;
    if (!freshSignIn && assurance === NO_DEMANDS.assurance) return;
    const now = this.clock.now();
    if (!meetsAssurance(principal, assurance, now)) {
      throw insufficientAssurance(accessErrors.assuranceInsufficient, assurance);
    }
    const fresh = { maxAgeSeconds: this.config.freshSignInSeconds };
    if (!freshSignIn || meetsAssurance(principal, fresh, now)) return;
    throw insufficientAssurance(accessErrors.freshSignInRequired, { ...assurance, ...fresh });
  }
}
