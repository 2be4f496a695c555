import { Injectable, Logger } from '@nestjs/common';
import {
  AuthorizationResponseError,
  type AuthorizationServer,
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  ClientSecretPost,
  calculatePKCECodeChallenge,
  customFetch,
  processGenericTokenEndpointResponse,
  refreshTokenGrantRequest,
  type TokenEndpointResponse,
  validateAuthResponse,
} from 'oauth4webapi';
import { ExternalConfig } from '../external.config.js';
import { externalErrors } from '../external.errors.js';
import {
  type ExternalIdentity,
  ExternalProvider,
  type ExternalRequest,
  type ExternalTokens,
} from '../external-provider.js';
import { GuardedFetch, ProviderUnreachable } from '../oidc/guarded-fetch.js';
import { reasonsOf } from '../oidc/provider-failures.js';
import { bodyOf, tokensOf } from '../oidc/refresh-tokens.js';

const GITHUB = 'https://github.com';
const GITHUB_API = 'https://api.github.com';

/** An entry of `GET /user/emails`. */
interface GitHubAddress {
  readonly email: string;
  readonly primary: boolean;
  readonly verified: boolean;
}

/**
 * GitHub has OAuth 2.0 and no OpenID Connect: who somebody is its API says. The subject is the number of the
 * account, since names there are given to others; the address the primary one, if GitHub has proved it.
 * `EXTERNAL_GITHUB_ISSUER` is the address of a GitHub Enterprise Server.
 */
@Injectable()
export class GitHubProvider extends ExternalProvider {
  readonly id = 'github';
  private readonly logger = new Logger('External');

  constructor(
    private readonly config: ExternalConfig,
    private readonly http: GuardedFetch,
  ) {
    super();
  }

  get name(): string {
    return this.settings.name ?? 'GitHub';
  }

  override async begin({ redirectUri, state, codeVerifier }: ExternalRequest): Promise<URL> {
    const address = new URL(this.server.authorization_endpoint ?? '');
    const parameters = {
      client_id: this.settings.clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: (this.settings.scopes ?? ['user:email']).join(' '),
      state,
      code_challenge: await calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
    return address;
  }

  override async finish(
    request: ExternalRequest,
    answer: URLSearchParams,
  ): Promise<ExternalIdentity> {
    try {
      const tokens = await this.redeem(request, answer);
      const token = tokens.access_token;
      const { id, name } = await this.ask<{ id?: unknown; name?: unknown }>('/user', token);
      if (!Number.isSafeInteger(id)) throw new Error('The account has no number.');
      const addresses = await this.ask<GitHubAddress[]>('/user/emails', token);
      return {
        issuer: this.issuer,
        subject: String(id),
        email: emailOf(addresses),
        name: typeof name === 'string' ? name : null,
        tokens: tokensOf(tokens),
      };
    } catch (error) {
      if (error instanceof AuthorizationResponseError && error.error === 'access_denied')
        throw externalErrors.denied();
      const { message } = error as Error;
      this.logger.warn(`${this.id}: ${JSON.stringify(message.slice(0, 500))}`);
      throw error instanceof ProviderUnreachable
        ? externalErrors.unavailable()
        : externalErrors.refused();
    }
  }

  override get registration(): string {
    return JSON.stringify([this.issuer, this.settings.clientId]);
  }

  /** Of a GitHub App, whose tokens expire; those of an OAuth App do not, and have no refresh token. */
  override async refresh(refreshToken: string): Promise<ExternalTokens> {
    const { client, auth, options } = this.asClient();
    try {
      const response = await refreshTokenGrantRequest(
        this.server,
        client,
        auth,
        refreshToken,
        options,
      );
      // It answers 200 to this, too ("Refreshing user access tokens").
      const { error } = await bodyOf(response);
      if (error === 'bad_refresh_token') throw externalErrors.signInNeeded();
      return tokensOf(await processGenericTokenEndpointResponse(this.server, client, response));
    } catch (error) {
      if (externalErrors.signInNeeded.is(error)) throw error;
      this.logger.warn(`${this.id}: ${reasonsOf(error)}`);
      throw externalErrors.unavailable();
    }
  }

  private async redeem(
    { state, redirectUri, codeVerifier }: ExternalRequest,
    answer: URLSearchParams,
  ): Promise<TokenEndpointResponse> {
    const { client, auth, options } = this.asClient();
    const response = await authorizationCodeGrantRequest(
      this.server,
      client,
      auth,
      validateAuthResponse(this.server, client, answer, state),
      redirectUri,
      codeVerifier,
      options,
    );
    return processGenericTokenEndpointResponse(this.server, client, response);
  }

  private asClient() {
    const { clientId, clientSecret } = this.settings;
    return {
      client: { client_id: clientId },
      auth: ClientSecretPost(clientSecret),
      options: {
        [customFetch]: (url: string, init: object) => this.http.fetch(url, init as RequestInit),
        [allowInsecureRequests]: true,
      },
    };
  }

  private async ask<Body>(path: string, token: string): Promise<Body> {
    const api = this.issuer === GITHUB ? GITHUB_API : `${this.issuer}/api/v3`;
    const headers = {
      Authorization: `Bearer ${token}`,
      Accept: 'application/vnd.github+json',
      'X-GitHub-Api-Version': '2022-11-28',
    };
    const response = await this.http.fetch(api + path, { headers });
    if (response.status !== 200) throw new Error(`${path} answers ${response.status}.`);
    return (await response.json()) as Body;
  }

  private get settings() {
    return this.config.of(this.id);
  }

  private get issuer(): string {
    return this.settings.issuer?.replace(/\/$/, '') ?? GITHUB;
  }

  private get server(): AuthorizationServer {
    return {
      issuer: this.issuer,
      authorization_endpoint: `${this.issuer}/login/oauth/authorize`,
      token_endpoint: `${this.issuer}/login/oauth/access_token`,
    };
  }
}

function emailOf(addresses: readonly GitHubAddress[]): ExternalIdentity['email'] {
  if (!Array.isArray(addresses)) return null;
  const primary = addresses.find((entry) => entry?.primary === true && entry.verified === true);
  if (typeof primary?.email !== 'string') return null;
  return { address: primary.email, standing: 'proved' };
}
