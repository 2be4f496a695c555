import { AccessDecision } from '../../access/access-decision.js';
import type { Principal } from '../../access/principal.js';
import { AccessTokenVerifier as SignatureVerifier } from '../../access/verification/access-token-verifier.js';
import { VerifiedTokens } from '../../access/verification/verified-tokens.js';
import { protectRequests, type RequestHandler } from './protect-requests.js';
import { ResourceServer } from './resource-server.js';
import { type ResourceServerOptions, ResourceServerSettings } from './resource-server-options.js';
import { type CallerDemands, VerifyAccessToken } from './verify-access-token.js';

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
  /**
   * For servers on Node's http, Express and whatever takes their handlers: lets a request on that has a good token,
   * and answers every other one. The request has `principal` and `auth` then. Where `protectedResource` is set, it
   * answers for the document as well, so that it has to see all paths.
   */
  protect(demands?: CallerDemands): RequestHandler;
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
  const ready = starting.then(({ config, keys, revocations, clock, protectedResource }) => {
    const verifier = new SignatureVerifier(config, keys, clock);
    const decision = new AccessDecision(verifier, revocations, clock, config);
    const verify = new VerifyAccessToken(verifier, new VerifiedTokens(keys), decision);
    return { verify, protectedResource };
  });
  return {
    verifyAccessToken: async (token, demands) => (await ready).verify.verify(token, demands),
    protect: (demands = {}) => protectRequests(ready, demands),
    close: async () => (await starting).close(),
  };
}
