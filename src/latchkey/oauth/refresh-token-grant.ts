import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { actorOf } from '../audit/current-actor.decorator.js';
import { RefreshSession } from '../auth/session/refresh-session.js';
import { RefreshThrottle } from '../auth/session/refresh-throttle.js';
import { FIRST_PARTY_CLIENT_ID } from '../tokens/sessions/refresh/live-session.js';
import { AuthenticateClient } from './authenticate-client.js';
import { clientCredentialsOf } from './client-credentials.js';
import type { Grant } from './grant.js';
import type { OAuthTokenResponse, TokenRequest } from './oauth.dto.js';
import { oauthErrors } from './oauth.errors.js';

/** `POST /auth/refresh` with body delivery, as OAuth libraries say it (RFC 6749 section 6). */
@Injectable()
export class RefreshTokenGrant implements Grant {
  constructor(
    private readonly authentication: AuthenticateClient,
    private readonly refreshSession: RefreshSession,
    private readonly throttle: RefreshThrottle,
  ) {}

  /**
   * @throws LatchkeyError `oauth.invalid_request`, `oauth.invalid_client`,
   *   `oauth.unauthorized_client`, and those of a refresh
   */
  async issue(reply: FastifyReply, form: TokenRequest): Promise<OAuthTokenResponse> {
    await this.requireOwner(reply, form);
    const { refresh_token: refreshToken } = form;
    if (refreshToken === undefined) {
      throw oauthErrors.invalidRequest({ detail: 'refresh_token is missing.' });
    }
    const granted = await this.throttle.attempt(reply, () =>
      this.refreshSession.refresh(refreshToken, actorOf(reply.request)),
    );
    return {
      access_token: granted.accessToken,
      token_type: 'Bearer',
      expires_in: granted.expiresIn,
      refresh_token: granted.refreshToken,
    };
  }

  /** Sessions belong to the one public client, which has no secret and need not say its name. */
  private async requireOwner(reply: FastifyReply, form: TokenRequest): Promise<void> {
    const credentials = clientCredentialsOf(reply.request, form);
    if (credentials === null) return;
    const { clientId, secret } = credentials;
    if (clientId === FIRST_PARTY_CLIENT_ID && secret === null) return;
    await this.authentication.verify(reply, credentials);
    throw oauthErrors.unauthorizedClient({
      detail: 'Refresh tokens are issued to apps of users: send client_id=latchkey and no secret.',
    });
  }
}
