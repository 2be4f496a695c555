import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { accessErrors } from './access.errors.js';
import { type AccessDemands, meets } from './access-demands.js';
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
  ) {}

  /**
   * @throws LatchkeyError `access.token_expired`, `access.token_revoked`, `access.token_stale`,
   *   `access.revocation_unavailable`, `access.forbidden`
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

  /** @throws LatchkeyError `access.forbidden` */
  requireMet(principal: Principal, demands: AccessDemands): void {
    if (!meets(principal, demands)) throw accessErrors.forbidden();
  }
}
