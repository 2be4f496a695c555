import { createRemoteJWKSet, customFetch as fetchOfKeys, type JWTVerifyGetKey } from 'jose';
import {
  type AuthorizationServer,
  allowInsecureRequests,
  customFetch,
  discoveryRequest,
  processDiscoveryResponse,
} from 'oauth4webapi';
import type { GuardedFetch, Reach } from './guarded-fetch.js';

/** As long as keys and addresses of a provider may be out of date. */
const KEPT_SECONDS = 3_600;
/** Strangers send tokens of apps: their unknown keys make no more requests than this. */
const KEYS_COOLDOWN_SECONDS = 30;

/** Requests to a provider: over `GuardedFetch`, which decides about https. */
export interface ProviderOptions {
  readonly [customFetch]: (url: string, init: object) => Promise<Response>;
  readonly [allowInsecureRequests]: boolean;
}

export interface OidcServer {
  readonly metadata: AuthorizationServer;
  /** For requests to its endpoints. */
  readonly options: ProviderOptions;
  /** For a token that came from the provider: a key that is not known is asked for at once. */
  readonly keysForProvider: JWTVerifyGetKey;
  /** For a token that somebody sent. */
  readonly keysForStrangers: JWTVerifyGetKey;
}

/**
 * A provider as its metadata describe it (OpenID Connect Discovery), which are read once an hour. The operator
 * names the issuer, the issuer its endpoints: one that is at a public address cannot have the server ask what is
 * in a network beside it.
 */
export class DiscoveredServer {
  private kept: { readonly server: OidcServer; readonly until: number } | null = null;
  private underWay: Promise<OidcServer> | null = null;

  /** @param metadataIssuer what the metadata have to name as their issuer */
  constructor(
    private readonly issuer: string,
    private readonly metadataIssuer: string,
    private readonly http: GuardedFetch,
  ) {}

  /**
   * Several that ask at once wait for one answer; what failed is asked again.
   *
   * @throws ProviderUnreachable, or what oauth4webapi throws for metadata of another issuer
   */
  async get(): Promise<OidcServer> {
    if (this.kept !== null && this.kept.until > performance.now()) return this.kept.server;
    this.underWay ??= this.discover().finally(() => {
      this.underWay = null;
    });
    return this.underWay;
  }

  private async discover(): Promise<OidcServer> {
    let reach: Reach = 'public';
    const options = optionsWith(async (url, init) => {
      const { response, isPublic } = await this.http.ask(url, init, 'anywhere');
      reach = isPublic ? 'public' : 'anywhere';
      return response;
    });
    const response = await discoveryRequest(new URL(this.issuer), options);
    const metadata = await processDiscoveryResponse(new URL(this.metadataIssuer), response);
    const server = this.within(reach, metadata);
    this.kept = { server, until: performance.now() + KEPT_SECONDS * 1_000 };
    return server;
  }

  private within(reach: Reach, metadata: AuthorizationServer): OidcServer {
    const { authorization_endpoint = '', token_endpoint = '', jwks_uri = '' } = metadata;
    for (const address of [authorization_endpoint, token_endpoint, jwks_uri])
      this.http.requireFit(new URL(address), reach);
    const fetch = this.http.within(reach);
    const keys = (cooldownSeconds: number) =>
      createRemoteJWKSet(new URL(jwks_uri), {
        [fetchOfKeys]: fetch,
        cooldownDuration: cooldownSeconds * 1_000,
        cacheMaxAge: KEPT_SECONDS * 1_000,
      });
    return {
      metadata,
      options: optionsWith((url, init) => fetch(url, init)),
      keysForProvider: keys(0),
      keysForStrangers: keys(KEYS_COOLDOWN_SECONDS),
    };
  }
}

function optionsWith(
  fetch: (url: string, init: RequestInit) => Promise<Response>,
): ProviderOptions {
  return {
    [customFetch]: (url, init) => fetch(url, init as RequestInit),
    [allowInsecureRequests]: true,
  };
}
