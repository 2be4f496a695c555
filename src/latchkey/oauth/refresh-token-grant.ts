import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { actorOf } from '../audit/current-actor.decorator.js';
import { RefreshSession } from '../auth/session/refresh-session.js';
import { RefreshThrottle } from '../auth/session/refresh-throttle.js';
import {
  FIRST_PARTY_CLIENT_ID,
  type SessionGrant,
} from '../tokens/sessions/refresh/live-session.js';
import { SingleSignOnConfig } from '../tokens/sessions/sso/single-sign-on.config.js';
import { AuthenticateClient, type KnownClient } from './authenticate-client.js';
import { clientCredentialsOf } from './client-credentials.js';
import { publicIdOf } from './clients/oauth-clients.js';
import type { Grant } from './grant.js';
import type { OAuthTokenResponse, TokenRequest } from './oauth.dto.js';
import { oauthErrors } from './oauth.errors.js';
import { NarrowGrant } from './resources/narrow-grant.js';

const OFF = 'Apps sign nobody in here any more: single sign-on is off.';

/**
 * Continues a session, as OAuth libraries say it (RFC 6749 section 6): one of a sign-in, as `POST /auth/refresh` does
 * with body delivery, or one at a client, by that client alone.
 */
@Injectable()
export class RefreshTokenGrant implements Grant {
  constructor(
    private readonly authentication: AuthenticateClient,
    private readonly refreshSession: RefreshSession,
    private readonly throttle: RefreshThrottle,
    private readonly narrowGrant: NarrowGrant,
    private readonly singleSignOn: SingleSignOnConfig,
  ) {}

  /**
   * @throws LatchkeyError `oauth.invalid_request`, `oauth.invalid_client`,
   *   `oauth.unauthorized_client`, `oauth.invalid_scope`, `oauth.invalid_target`, and those of a refresh
   */
  async issue(reply: FastifyReply, form: TokenRequest): Promise<OAuthTokenResponse> {
    const client = await this.ownerOf(reply, form);
    const { refresh_token: refreshToken } = form;
    if (refreshToken === undefined) {
      throw oauthErrors.invalidRequest({ detail: 'refresh_token is missing.' });
    }
    const narrow = (grant: SessionGrant | null) => this.narrow(grant, form, client);
    const byWord = client === null ? undefined : { id: client.id, publicId: publicIdOf(client) };
    const granted = await this.throttle.attempt(reply, () =>
      this.refreshSession.refresh(refreshToken, actorOf(reply.request), byWord, narrow),
    );
    const { grant } = granted.session;
    return {
      access_token: granted.accessToken,
      token_type: 'Bearer',
      expires_in: granted.expiresIn,
      refresh_token: granted.refreshToken,
      ...(grant !== null && { scope: grant.scope.join(' ') }),
    };
  }

  /**
   * The client by whose word the session goes on; null: that of sign-ins, which is public, and need not say its name. Each is
   * asked for its secret before the token is looked at: a wrong one rotates nothing, and is no theft.
   */
  private async ownerOf(reply: FastifyReply, form: TokenRequest): Promise<KnownClient | null> {
    const credentials = clientCredentialsOf(reply.request, form);
    if (credentials === null) return null;
    const { clientId, secret, assertion } = credentials;
    const saysNoMore = secret === null && assertion === null;
    if (clientId === FIRST_PARTY_CLIENT_ID && saysNoMore) return null;
    const client = await this.authentication.authenticateAny(reply, form);
    if (!this.singleSignOn.isOn) throw oauthErrors.unauthorizedClient({ detail: OFF });
    if (client.redirectUris.length > 0 || client.deviceFlow) return client;
    throw oauthErrors.unauthorizedClient({
      detail: 'Refresh tokens are issued to apps of users: send client_id=latchkey and no secret.',
    });
  }

  /** A session of a sign-in has no scope to narrow, and is for this API. */
  private narrow(
    grant: SessionGrant | null,
    form: TokenRequest,
    client: KnownClient | null,
  ): SessionGrant | null {
    if (grant !== null && client !== null) return this.narrowGrant.narrow(grant, form, client);
    this.narrowGrant.requireNone(form);
    return null;
  }
}
