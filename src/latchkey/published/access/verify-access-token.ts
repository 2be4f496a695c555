import { Injectable } from '@nestjs/common';
import { accessErrors } from '../../access/access.errors.js';
import { AccessDecision } from '../../access/access-decision.js';
import { NO_DEMANDS } from '../../access/access-demands.js';
import type { AssuranceDemand } from '../../access/assurance.js';
import type { Principal } from '../../access/principal.js';
import { AccessTokenVerifier as SignatureVerifier } from '../../access/verification/access-token-verifier.js';
import { VerifiedTokens } from '../../access/verification/verified-tokens.js';
import { ResourceServer } from './resource-server.js';
import { type ResourceServerOptions, ResourceServerSettings } from './resource-server-options.js';

/** What a caller must have; nothing but a good token when left out. */
export interface CallerDemands {
  /** One of these roles. */
  readonly roles?: readonly string[];
  /** All of these permissions. */
  readonly permissions?: readonly string[];
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
    { roles, permissions = [], assurance = NO_DEMANDS.assurance }: CallerDemands = {},
  ): Promise<Principal> {
    // A handshake may bring anything, a list for example.
    if (typeof token !== 'string' || token === '') throw accessErrors.unauthenticated();
    const principal = this.verifiedTokens.find(token) ?? (await this.verifyAtFirstSight(token));
    this.decision.requireAccess(principal, {
      ...NO_DEMANDS,
      roles: roles === undefined ? [] : [roles],
      permissions,
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

export interface AccessTokenVerifier {
  /**
   * Resolves with the token's principal if the token is valid and meets the demands. The first call
   * waits for the keys.
   *
   * @param token without the word `Bearer`; undefined or empty is refused with
   *   `access.unauthenticated`
   * @throws LatchkeyError any of `access.*`; its `code` is one of the error catalogue
   */
  verifyAccessToken(token: string | undefined, demands?: CallerDemands): Promise<Principal>;
  /** Ends its connections and timers, so that the process can end. */
  close(): Promise<void>;
}

/**
 * Verifies access tokens in a service of any kind: no application of Nest is needed or started.
 *
 * @throws StartupError when an option is wrong
 */
export function createAccessTokenVerifier(options: ResourceServerOptions): AccessTokenVerifier {
  const starting = ResourceServer.start(ResourceServerSettings.from(options));
  const ready = starting.then(({ config, keys, revocations, clock }) => {
    const verifier = new SignatureVerifier(config, keys, clock);
    const decision = new AccessDecision(verifier, revocations, clock, config);
    return new VerifyAccessToken(verifier, new VerifiedTokens(keys), decision);
  });
  return {
    verifyAccessToken: async (token, demands) => (await ready).verify(token, demands),
    close: async () => (await starting).close(),
  };
}
