import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { AuditTrail } from '../audit/audit-trail.js';
import { actorOf } from '../audit/current-actor.decorator.js';
import { ClientAssertions } from './client-assertions/client-assertions.js';
import { type ClientCredentials, clientCredentialsOf } from './client-credentials.js';
import { ClientThrottle } from './client-throttle.js';
import {
  type AuthenticatedClient,
  OAuthClients,
  type RegisteredClient,
} from './clients/oauth-clients.js';
import type { ClientForm } from './oauth.dto.js';
import { oauthErrors } from './oauth.errors.js';

/** A client that has said who it is, and what it may do by itself: nothing, if it is public. */
export type KnownClient = RegisteredClient & Partial<Pick<AuthenticatedClient, 'facts'>>;

/** Lets in clients: those with a secret or a key only when they show it. */
@Injectable()
export class AuthenticateClient {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clients: OAuthClients,
    private readonly assertions: ClientAssertions,
    private readonly throttle: ClientThrottle,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * @throws LatchkeyError `oauth.invalid_client`, `oauth.invalid_request`,
   *   `throttle.too_many_requests`
   */
  async authenticate(reply: FastifyReply, form: ClientForm): Promise<AuthenticatedClient> {
    const credentials = clientCredentialsOf(reply.request, form);
    if (credentials === null) throw oauthErrors.invalidClient();
    return this.verify(reply, credentials);
  }

  /**
   * Also a public client, which says no more than who it is (RFC 6749 section 2.3).
   *
   * @throws LatchkeyError `oauth.invalid_client`, `oauth.invalid_request`,
   *   `throttle.too_many_requests`
   */
  async authenticateAny(reply: FastifyReply, form: ClientForm): Promise<KnownClient> {
    const credentials = clientCredentialsOf(reply.request, form);
    if (credentials === null) throw oauthErrors.invalidClient();
    const client = await this.clients.find(credentials.clientId);
    const { secret, assertion } = credentials;
    const isPublic = client?.type === 'public' && secret === null && assertion === null;
    const shown = isPublic ? undefined : await this.verify(reply, credentials);
    if (client === null) throw oauthErrors.invalidClient();
    return { ...client, facts: shown?.facts };
  }

  /** @throws LatchkeyError `oauth.invalid_client`, `throttle.too_many_requests` */
  async verify(reply: FastifyReply, credentials: ClientCredentials): Promise<AuthenticatedClient> {
    const client = await this.judge(credentials);
    if (client !== null) return client;
    const { clientId } = credentials;
    await this.throttle.refused(reply);
    await this.audit.record(this.dataSource.manager, {
      action: 'client.authentication_failed',
      outcome: 'failure',
      actor: actorOf(reply.request),
      ...(isUuid(clientId) && { target: { type: 'client' as const, id: clientId } }),
    });
    throw oauthErrors.invalidClient();
  }

  private async judge(credentials: ClientCredentials): Promise<AuthenticatedClient | null> {
    const { clientId, secret, assertion } = credentials;
    if (assertion !== null) {
      return this.clients.authenticateByKey(clientId, (id, jwks) =>
        this.assertions.isShown(assertion, id, jwks),
      );
    }
    return secret === null ? null : this.clients.authenticate(clientId, secret);
  }
}
