import { AccessDecision } from '../../access/access-decision.js';
import type { Principal } from '../../access/principal.js';
import { AccessTokenVerifier as SignatureVerifier } from '../../access/verification/access-token-verifier.js';
import { VerifiedTokens } from '../../access/verification/verified-tokens.js';
import { ResourceServer } from './resource-server.js';
import { type ResourceServerOptions, ResourceServerSettings } from './resource-server-options.js';
import { type CallerDemands, VerifyAccessToken } from './verify-access-token.js';

export interface AccessTokenVerifier {
  /**
   * Who the token speaks for, if everything about it is right. The first call waits for the keys.
   *
   * @param token without the word `Bearer`; whoever has none gets `access.unauthenticated`
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
    const decision = new AccessDecision(verifier, revocations, clock);
    return new VerifyAccessToken(verifier, new VerifiedTokens(keys), decision);
  });
  return {
    verifyAccessToken: async (token, demands) => (await ready).verify(token, demands),
    close: async () => (await starting).close(),
  };
}
