import {
  type AuthorizationServer,
  type Client,
  type ClientAuth,
  getValidatedIdTokenClaims,
  processRefreshTokenResponse,
  refreshTokenGrantRequest,
  type TokenEndpointResponse,
} from 'oauth4webapi';
import type { ExternalIdentity, ExternalTokens } from '../external-provider.js';
import type { Claims } from './oidc-preset.js';
import type { OidcServer } from './oidc-server.js';

/** Who asks, and for whom. */
export interface RefreshRequest {
  readonly client: Client;
  readonly auth: ClientAuth;
  /** The metadata with the one issuer that an ID token must have, of which nothing is verified. */
  readonly issuedBy: (idToken: unknown) => AuthorizationServer;
  readonly identity: Pick<ExternalIdentity, 'issuer' | 'subject'>;
}

/**
 * The next tokens for a refresh token (RFC 6749 section 6). They are the same person's, where the provider says
 * whose they are (OpenID Connect Core section 12.2).
 *
 * @throws what oauth4webapi throws, ProviderUnreachable, Error
 */
export async function refreshTokens(
  { metadata, options }: OidcServer,
  refreshToken: string,
  { client, auth, issuedBy, identity }: RefreshRequest,
): Promise<ExternalTokens> {
  const response = await refreshTokenGrantRequest(metadata, client, auth, refreshToken, options);
  const { id_token: unverified } = await bodyOf(response);
  const issued = unverified === undefined ? metadata : issuedBy(unverified);
  const tokens = await processRefreshTokenResponse(issued, client, response);
  const claims = getValidatedIdTokenClaims(tokens);
  if (claims !== undefined && (claims.iss !== identity.issuer || claims.sub !== identity.subject))
    throw new Error('The refreshed tokens are of somebody else.');
  return tokensOf(tokens);
}

export function tokensOf(tokens: TokenEndpointResponse): ExternalTokens {
  const { access_token: accessToken, refresh_token: refreshToken, expires_in, scope } = tokens;
  return { accessToken, refreshToken, expiresInSeconds: expires_in, scope };
}

/** Of which nothing is verified; empty where it is no object. */
export async function bodyOf(response: Response): Promise<Claims> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  return typeof body === 'object' && body !== null ? (body as Claims) : {};
}
