import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { decodeJwt } from 'jose';
import {
  AuthorizationResponseError,
  type AuthorizationServer,
  authorizationCodeGrantRequest,
  type Client,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  calculatePKCECodeChallenge,
  processAuthorizationCodeResponse,
  processUserInfoResponse,
  userInfoRequest,
  validateAuthResponse,
} from 'oauth4webapi';
import { externalErrors } from '../external.errors.js';
import {
  type ExternalIdentity,
  ExternalProvider,
  type ExternalRequest,
} from '../external-provider.js';
import type { ProviderSettings } from '../provider-settings.js';
import type { GuardedFetch } from './guarded-fetch.js';
import type { Claims, OidcPreset } from './oidc-preset.js';
import { DiscoveredServer, type OidcServer } from './oidc-server.js';
import { isOutage, reasonsOf } from './provider-failures.js';
import { verifyIdToken } from './verify-id-token.js';

/**
 * A provider of OpenID Connect: authorization code with S256 (RFC 9700 section 2.1.1), the issuer of the
 * answer compared (RFC 9207), the ID token checked by its signature wherever it comes from. What the provider
 * gives is read and forgotten: no token of its is kept.
 */
export class OidcProvider extends ExternalProvider {
  readonly id: string;
  readonly name: string;
  private readonly logger = new Logger('External');
  private readonly server: DiscoveredServer;
  private readonly client: Client;

  constructor(
    private readonly settings: ProviderSettings,
    private readonly preset: OidcPreset,
    http: GuardedFetch,
  ) {
    super();
    this.id = settings.id;
    this.name = settings.name ?? preset.name;
    this.client = { client_id: settings.clientId };
    this.server = new DiscoveredServer(preset.issuer, preset.metadataIssuer ?? preset.issuer, http);
  }

  override begin(request: ExternalRequest): Promise<URL> {
    const { redirectUri, state, nonce, codeVerifier, maxAgeSeconds } = request;
    return this.guard(async () => {
      const { metadata } = await this.server.get();
      const address = new URL(metadata.authorization_endpoint ?? '');
      const parameters = {
        client_id: this.settings.clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: (this.settings.scopes ?? this.preset.scopes).join(' '),
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        // Who does not know it ignores it (RFC 6749 section 3.1); `prompt=login` some refuse.
        ...(maxAgeSeconds !== undefined && { max_age: String(maxAgeSeconds) }),
        ...this.preset.parameters,
      };
      for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
      return address;
    });
  }

  override finish(request: ExternalRequest, answer: URLSearchParams): Promise<ExternalIdentity> {
    return this.guard(async () => {
      const server = await this.server.get();
      const claims = await this.redeem(server, request, answer);
      const identity = this.identityOf(claims);
      return { ...identity, name: identity.name ?? this.preset.nameIn?.(answer) };
    });
  }

  override identify(idToken: string, nonce: string): Promise<ExternalIdentity> {
    return this.guard(async () => {
      const { metadata, keysForStrangers: keys } = await this.server.get();
      const { issuer } = this.issuedBy(metadata, idToken);
      const audiences = [this.settings.clientId, ...this.settings.audiences];
      const digest = createHash('sha256').update(nonce);
      const bytes = digest.digest();
      const nonces = [bytes.toString('base64url'), bytes.toString('hex')];
      return this.identityOf(await verifyIdToken(idToken, { issuer, audiences, nonces, keys }));
    });
  }

  /** The claims about whoever the code was issued for. */
  private async redeem(
    { metadata, options, keysForProvider: keys }: OidcServer,
    { redirectUri, state, nonce, codeVerifier }: ExternalRequest,
    answer: URLSearchParams,
  ): Promise<Claims & { readonly iss?: string }> {
    const { client } = this;
    const good = validateAuthResponse(metadata, client, answer, state);
    const response = await authorizationCodeGrantRequest(
      metadata,
      client,
      this.clientAuth(metadata),
      good,
      redirectUri,
      codeVerifier,
      options,
    );
    const { id_token: unverified } = await bodyOf(response);
    const issued = this.issuedBy(metadata, unverified);
    const demands = { expectedNonce: nonce, requireIdToken: true } as const;
    const tokens = await processAuthorizationCodeResponse(issued, client, response, demands);
    const { id_token: idToken = '', access_token: accessToken } = tokens;
    const audiences = [client.client_id];
    const { issuer } = issued;
    const claims = await verifyIdToken(idToken, { issuer, audiences, nonces: [nonce], keys });
    if (claims.email !== undefined || metadata.userinfo_endpoint === undefined) return claims;
    const said = await userInfoRequest(metadata, client, accessToken, options);
    const { email, email_verified } = await processUserInfoResponse(
      metadata,
      client,
      claims.sub,
      said,
    );
    return { ...claims, email, email_verified };
  }

  /** The metadata with the one issuer that this token must have. */
  private issuedBy(metadata: AuthorizationServer, idToken: unknown): AuthorizationServer {
    const { issuerOf } = this.preset;
    if (issuerOf === undefined) return metadata;
    const issuer = issuerOf(typeof idToken === 'string' ? decodeJwt(idToken) : {});
    if (issuer === null)
      throw new Error('The issuer of the ID token is none of those that may be.');
    return { ...metadata, issuer };
  }

  private clientAuth({ token_endpoint_auth_methods_supported: methods }: AuthorizationServer) {
    const { clientSecret } = this.settings;
    const byPreset: ClientAuth | undefined = this.preset.clientAuth?.();
    if (byPreset !== undefined) return byPreset;
    // RFC 8414 section 2: what is left out means client_secret_basic.
    const byPost = methods?.includes('client_secret_basic') === false;
    return byPost ? ClientSecretPost(clientSecret) : ClientSecretBasic(clientSecret);
  }

  private identityOf(claims: Claims): ExternalIdentity {
    const { iss, sub, email, name, amr, auth_time: signedInAt } = claims;
    const methods = Array.isArray(amr) ? amr : [];
    return {
      issuer: String(iss),
      subject: String(sub),
      email:
        typeof email === 'string'
          ? { address: email, standing: this.preset.standingOf(claims) }
          : null,
      name: typeof name === 'string' ? name : null,
      ...(typeof signedInAt === 'number' && { signedInAt }),
      twoFactors: this.settings.trustedAmr.some((trusted) => methods.includes(trusted)),
    };
  }

  /** Tells operators what was wrong, and others what to do. */
  private async guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof AuthorizationResponseError && error.error === 'access_denied')
        throw externalErrors.denied();
      this.logger.warn(`${this.id}: ${reasonsOf(error)}`);
      throw isOutage(error) ? externalErrors.unavailable() : externalErrors.refused();
    }
  }
}

async function bodyOf(response: Response): Promise<Claims> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  return typeof body === 'object' && body !== null ? (body as Claims) : {};
}
