import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { decodeJwt } from 'jose';
import {
  AuthorizationResponseError,
  type AuthorizationServer,
  authorizationCodeGrantRequest,
  type Client,
  calculatePKCECodeChallenge,
  processAuthorizationCodeResponse,
  processUserInfoResponse,
  ResponseBodyError,
  type TokenEndpointResponse,
  userInfoRequest,
  validateAuthResponse,
} from 'oauth4webapi';
import { externalErrors } from '../external.errors.js';
import {
  type ExternalIdentity,
  ExternalProvider,
  type ExternalRequest,
  type ExternalTokens,
} from '../external-provider.js';
import type { ProviderSettings } from '../provider-settings.js';
import type { GuardedFetch } from './guarded-fetch.js';
import { identityOfClaims } from './identity-of-claims.js';
import { type Claims, clientAuthOf, type OidcPreset, scopesOf } from './oidc-preset.js';
import { DiscoveredServer, type OidcServer } from './oidc-server.js';
import { isOutage, reasonsOf } from './provider-failures.js';
import { bodyOf, refreshTokens, tokensOf } from './refresh-tokens.js';
import { verifyIdToken } from './verify-id-token.js';

/**
 * A provider of OpenID Connect: authorization code with S256 (RFC 9700 section 2.1.1), the issuer of the
 * answer compared (RFC 9207), the ID token checked by its signature wherever it comes from. What the provider
 * gives is read and forgotten, unless the settings have its tokens kept.
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
      const scopes = scopesOf(this.settings, this.preset, metadata);
      const parameters = {
        client_id: this.settings.clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: scopes.join(' '),
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        // Who does not know it ignores it (RFC 6749 section 3.1); `prompt=login` some refuse.
        ...(maxAgeSeconds !== undefined && { max_age: String(maxAgeSeconds) }),
        ...this.preset.parameters,
        ...(this.settings.keepsTokens && this.preset.whenKeeping?.(scopes)),
      };
      for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
      return address;
    });
  }

  override finish(request: ExternalRequest, answer: URLSearchParams): Promise<ExternalIdentity> {
    return this.guard(async () => {
      const server = await this.server.get();
      const { claims, tokens } = await this.redeem(server, request, answer);
      const identity = identityOfClaims(this.settings, this.preset, claims);
      const name = identity.name ?? this.preset.nameIn?.(answer);
      return { ...identity, name, tokens: tokensOf(tokens) };
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
      return identityOfClaims(
        this.settings,
        this.preset,
        await verifyIdToken(idToken, { issuer, audiences, nonces, keys }),
      );
    });
  }

  override get registration(): string {
    return JSON.stringify([this.preset.issuer, this.settings.clientId]);
  }

  /** What comes is the same person's, where the provider says whose it is (OpenID Connect Core section 12.2). */
  override async refresh(
    refreshToken: string,
    identity: Pick<ExternalIdentity, 'issuer' | 'subject'>,
  ): Promise<ExternalTokens> {
    try {
      const server = await this.server.get();
      const { metadata } = server;
      return await refreshTokens(server, refreshToken, {
        client: this.client,
        auth: clientAuthOf(this.settings, this.preset, metadata),
        issuedBy: (idToken) => this.issuedBy(metadata, idToken),
        identity,
      });
    } catch (error) {
      this.logger.warn(`${this.id}: ${reasonsOf(error)}`);
      const isRefused = error instanceof ResponseBodyError && error.error === 'invalid_grant';
      throw isRefused ? externalErrors.signInNeeded() : externalErrors.unavailable();
    }
  }

  /** The claims about whoever the code was issued for. */
  private async redeem(
    { metadata, options, keysForProvider: keys }: OidcServer,
    { redirectUri, state, nonce, codeVerifier }: ExternalRequest,
    answer: URLSearchParams,
  ): Promise<{ readonly claims: Claims; readonly tokens: TokenEndpointResponse }> {
    const { client } = this;
    const good = validateAuthResponse(metadata, client, answer, state);
    const response = await authorizationCodeGrantRequest(
      metadata,
      client,
      clientAuthOf(this.settings, this.preset, metadata),
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
    if (claims.email !== undefined || metadata.userinfo_endpoint === undefined)
      return { claims, tokens };
    const said = await userInfoRequest(metadata, client, accessToken, options);
    const { email, email_verified } = await processUserInfoResponse(
      metadata,
      client,
      claims.sub,
      said,
    );
    return { claims: { ...claims, email, email_verified }, tokens };
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
