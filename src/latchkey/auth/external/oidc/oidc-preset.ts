import {
  type AuthorizationServer,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
} from 'oauth4webapi';
import type { AddressStanding } from '../external-provider.js';
import type { ProviderSettings } from '../provider-settings.js';

/** Claims of an ID token or of the userinfo endpoint, of which the signature alone has been checked. */
export type Claims = Readonly<Record<string, unknown>>;

/** OpenID Connect Core section 11. */
export const OFFLINE_ACCESS = 'offline_access';

/** What is different about a provider of OpenID Connect. */
export interface OidcPreset {
  readonly name: string;
  readonly issuer: string;
  /** What its metadata name as the issuer, where that stands for many. */
  readonly metadataIssuer?: string;
  /**
   * The issuer that a token must have, of those that the metadata stand for; null: none of them may sign
   * in. Called with claims that nothing has checked.
   */
  readonly issuerOf?: (unverified: Claims) => string | null;
  readonly scopes: readonly string[];
  /** Further parameters of the authorization request. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The scope that has it give a refresh token, where the settings name no scopes. */
  readonly offlineScope?: string;
  /** What has it give a refresh token besides, where that is kept. */
  readonly whenKeeping?: (scopes: readonly string[]) => Readonly<Record<string, string>> | null;
  /** How the client shows who it is, where a secret as it is set does not do. */
  readonly clientAuth?: () => ClientAuth;
  /** A name that comes beside the answer, which nobody has signed; null: none. */
  readonly nameIn?: (answer: URLSearchParams) => string | null;
  /** What its word about the address `email` is worth. */
  readonly standingOf: (claims: Claims) => AddressStanding;
}

/** Any issuer. `email_verified` is a boolean (OpenID Connect Core section 5.1): a text is not believed. */
export function issuerPreset({ id, issuer, emailDomains }: ProviderSettings): OidcPreset {
  return {
    name: id,
    issuer: issuer ?? '',
    scopes: ['openid', 'email', 'profile'],
    offlineScope: OFFLINE_ACCESS,
    // OpenID Connect Core section 11: without it the scope is ignored.
    whenKeeping: (scopes) => (scopes.includes(OFFLINE_ACCESS) ? { prompt: 'consent' } : null),
    standingOf: (claims) => {
      if (claims.email_verified !== true) return 'claimed';
      return emailDomains === null || emailDomains.includes(domainOf(claims))
        ? 'proved'
        : 'claimed';
    },
  };
}

/** What the browser asks for: the scopes that are set, or those of the preset. */
export function scopesOf(
  settings: Pick<ProviderSettings, 'scopes' | 'keepsTokens'>,
  { scopes, offlineScope }: OidcPreset,
  { scopes_supported: supported }: Pick<AuthorizationServer, 'scopes_supported'>,
): readonly string[] {
  if (settings.scopes !== null) return settings.scopes;
  if (!settings.keepsTokens || offlineScope === undefined) return scopes;
  return supported?.includes(offlineScope) === false ? scopes : [...scopes, offlineScope];
}

/** How the client shows who it is. */
export function clientAuthOf(
  { clientSecret }: Pick<ProviderSettings, 'clientSecret'>,
  { clientAuth }: OidcPreset,
  { token_endpoint_auth_methods_supported: methods }: AuthorizationServer,
): ClientAuth {
  if (clientAuth !== undefined) return clientAuth();
  // RFC 8414 section 2: what is left out means client_secret_basic.
  const byPost = methods?.includes('client_secret_basic') === false;
  return byPost ? ClientSecretPost(clientSecret) : ClientSecretBasic(clientSecret);
}

/** In lower case; empty where there is none. */
export function domainOf({ email }: Claims): string {
  return typeof email === 'string' ? email.slice(email.lastIndexOf('@') + 1).toLowerCase() : '';
}
