import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { LatchkeyError } from '../platform/errors/latchkey-error.js';
import { accessErrors } from './access.errors.js';
import { AccessDecision } from './access-decision.js';
import type { AccessDemands } from './access-demands.js';
import { demandsOf } from './declared-demands.js';
import type { Principal } from './principal.js';
import type { GuardedRequest } from './request-principal.js';
import { AccessTokenStrategy } from './verification/access-token.strategy.js';
import { bearerTokenOf } from './verification/bearer-token.js';
import { runStrategy } from './verification/run-strategy.js';
import { VerifiedTokens } from './verification/verified-tokens.js';

/**
 * Guards every route of the application; only `@Public()` lets somebody past without a token.
 *
 * A token is verified at its first sight and then remembered. Expiry, revocation, staleness and
 * the route's demands are judged on every request, from memory: no SQL, no Redis command.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly verifiedTokens: VerifiedTokens,
    private readonly decision: AccessDecision,
    private readonly strategy: AccessTokenStrategy,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const demands = demandsOf(context);
    if (demands.public) return true;
    // Instead of `switchToHttp().getRequest()`, which creates three functions for each request.
    const request = context.getArgByIndex<GuardedRequest>(0);
    const token = bearerTokenOf(request);
    if (token === null) throw accessErrors.unauthenticated();
    const principal = this.verifiedTokens.find(token);
    if (principal !== null) return this.admit(request, principal, demands);
    return this.admitAtFirstSight(request, token, demands);
  }

  private async admitAtFirstSight(
    request: GuardedRequest,
    token: string,
    demands: AccessDemands,
  ): Promise<boolean> {
    const principal = await runStrategy<Principal>(this.strategy, request, refusalOf);
    this.verifiedTokens.remember(token, principal);
    return this.admit(request, principal, demands);
  }

  private admit(request: GuardedRequest, principal: Principal, demands: AccessDemands): true {
    this.decision.requireLive(principal);
    // Set before the demands are judged, so that a recorded refusal names the caller.
    request.principal = principal;
    this.decision.requireMet(principal, demands);
    return true;
  }
}

function refusalOf(reason: unknown): LatchkeyError {
  return reason instanceof LatchkeyError ? reason : accessErrors.tokenInvalid({ cause: reason });
}
