import { Injectable } from '@nestjs/common';
import { accessErrors } from '../../access/access.errors.js';
import { AccessDecision } from '../../access/access-decision.js';
import { NO_DEMANDS } from '../../access/access-demands.js';
import type { AssuranceDemand } from '../../access/assurance.js';
import type { Principal } from '../../access/principal.js';
import { AccessTokenVerifier as SignatureVerifier } from '../../access/verification/access-token-verifier.js';
import { VerifiedTokens } from '../../access/verification/verified-tokens.js';

/** What a caller must have; nothing but a good token when left out. */
export interface CallerDemands {
  /** One of these roles. */
  readonly roles?: readonly string[];
  /** All of these permissions. */
  readonly permissions?: readonly string[];
  /** All of these scopes, granted to the client that calls. */
  readonly scopes?: readonly string[];
  /** What the sign-in must have been (RFC 9470). */
  readonly assurance?: AssuranceDemand;
}

/** Verifies tokens that come by other ways than a guarded route: a handshake, a message. */
@Injectable()
export class VerifyAccessToken {
  /** @internal Nest injects it: its types would ask readers for those of jsonwebtoken. */
  constructor(
    private readonly verifier: SignatureVerifier,
    private readonly verifiedTokens: VerifiedTokens,
    private readonly decision: AccessDecision,
  ) {}

  /**
   * All that the guard checks: form, signature, issuer, audience, times, revocation, staleness and
   * the demands.
   *
   * @param token without the word `Bearer`; undefined or empty is refused with
   *   `access.unauthenticated`
   * @throws LatchkeyError any of `access.*`, with `code`, `definition.status` and, of a 503,
   *   `retryAfterSeconds`
   */
  async verify(
    token: string | undefined,
    { roles, permissions = [], scopes = [], assurance = {} }: CallerDemands = {},
  ): Promise<Principal> {
    // A handshake may bring anything, a list for example.
    if (typeof token !== 'string' || token === '') throw accessErrors.unauthenticated();
    const principal = this.verifiedTokens.find(token) ?? (await this.verifyAtFirstSight(token));
    this.decision.requireAccess(principal, {
      ...NO_DEMANDS,
      roles: roles === undefined ? [] : [roles],
      permissions,
      scopes,
      assurance,
    });
    return principal;
  }

  private async verifyAtFirstSight(token: string): Promise<Principal> {
    const principal = await this.verifier.verify(token);
    this.verifiedTokens.remember(token, principal);
    return principal;
  }
}
