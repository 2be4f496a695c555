import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { actorOf } from '../audit/current-actor.decorator.js';
import { RepeatedEvents } from '../audit/repeated-events.js';
import { AccessTokens } from '../tokens/access-tokens/access-tokens.js';
import { AuthenticateClient } from './authenticate-client.js';
import { ClientThrottle } from './client-throttle.js';
import type { Grant } from './grant.js';
import type { OAuthTokenResponse, TokenRequest } from './oauth.dto.js';
import { ServiceGrant } from './resources/service-grant.js';

/** A service acts for itself (RFC 6749 section 4.4). */
@Injectable()
export class ClientCredentialsGrant implements Grant {
  constructor(
    private readonly authentication: AuthenticateClient,
    private readonly throttle: ClientThrottle,
    private readonly serviceGrant: ServiceGrant,
    private readonly accessTokens: AccessTokens,
    private readonly repeated: RepeatedEvents,
    private readonly dataSource: DataSource,
  ) {}

  /**
   * An access token with the client's own roles; a new one needs the secret, so there is no refresh
   * token (section 4.4.3). Its `sub` is the client (RFC 9068 section 2.2), its `sid` names this one
   * token: so can it be revoked, and so does an emergency stop reach it.
   *
   * @throws LatchkeyError `oauth.invalid_client`, `oauth.invalid_request`, `oauth.invalid_scope`, `oauth.invalid_target`,
   *   `throttle.too_many_requests`
   */
  async issue(reply: FastifyReply, form: TokenRequest): Promise<OAuthTokenResponse> {
    const client = await this.authentication.authenticate(reply, form);
    await this.throttle.countToken(reply, client.id);
    const grant = await this.serviceGrant.of(client.id, form);
    const { id, facts, seenActiveAtMilliseconds, sessionMomentMilliseconds } = client;
    const subject = {
      id: uuidv7({ msecs: sessionMomentMilliseconds }),
      userId: id,
      clientId: id,
      grant,
      authTime: Math.floor(seenActiveAtMilliseconds / 1000),
      amr: [],
      acr: null,
      data: {},
      version: 0,
      seenLiveAtMilliseconds: seenActiveAtMilliseconds,
    };
    const { accessToken, expiresIn } = await this.accessTokens.issue(
      subject,
      facts,
      this.dataSource.manager,
    );
    this.repeated.record(id, {
      action: 'client.authenticated',
      actor: { ...actorOf(reply.request), userId: id },
      target: { type: 'client', id },
    });
    return {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: expiresIn,
      ...(grant !== null && { scope: grant.scope.join(' ') }),
    };
  }
}
