import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DataSource, type EntityManager } from 'typeorm';
import { actorOf } from '../../audit/current-actor.decorator.js';
import { oneTimeErrors } from '../../tokens/one-time/one-time.errors.js';
import { OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import { AuthenticateClient, type KnownClient } from '../authenticate-client.js';
import { BeginAtClient, type BegunAtClient } from '../authorize/begin-at-client.js';
import { scopesOf } from '../clients/scopes.js';
import type { Grant } from '../grant.js';
import type { OAuthTokenResponse, TokenRequest } from '../oauth.dto.js';
import { oauthErrors } from '../oauth.errors.js';
import { DEVICE_CODE, type DeviceCodeDetails } from './authorize-device.js';
import { DeviceStore } from './device-store.js';

/** A device asks whether its owner has said yes, and then has a session of its own (RFC 8628 section 3.4). */
@Injectable()
export class DeviceCodeGrant implements Grant {
  constructor(
    private readonly authentication: AuthenticateClient,
    private readonly secrets: OneTimeSecrets,
    private readonly store: DeviceStore,
    private readonly beginAtClient: BeginAtClient,
    private readonly dataSource: DataSource,
  ) {}

  /**
   * Of any number of redemptions at once one is answered.
   *
   * @throws LatchkeyError `oauth.authorization_pending`, `oauth.slow_down`, `oauth.access_denied`,
   *   `oauth.expired_token`, `oauth.invalid_grant`, `oauth.invalid_client`, `oauth.invalid_request`, `oauth.invalid_scope`,
   *   `oauth.invalid_target`, `oauth.unauthorized_client`
   */
  async issue(reply: FastifyReply, form: TokenRequest): Promise<OAuthTokenResponse> {
    const client = await this.authentication.authenticateAny(reply, form);
    if (!client.deviceFlow) throw oauthErrors.unauthorizedClient();
    const { device_code: token } = form;
    if (token === undefined) throw oauthErrors.invalidRequest({ detail: 'Missing: device_code.' });
    try {
      const shown = await this.secrets.check(DEVICE_CODE, { token }, client.id);
      const { authorizationId } = shown.details as unknown as DeviceCodeDetails;
      await this.requireAllowed(authorizationId);
      return await this.dataSource.transaction(async (manager) => {
        await this.secrets.consume(manager, shown);
        const begun = await this.begin(manager, authorizationId, client, form, reply);
        return begun.response;
      });
    } catch (error) {
      if (!oneTimeErrors.proofInvalid.is(error)) throw error;
      throw oauthErrors.invalidGrant();
    }
  }

  private async requireAllowed(authorizationId: string): Promise<void> {
    const poll = await this.store.poll(authorizationId);
    if (poll === null || poll.isOver) throw oauthErrors.expiredToken();
    if (poll.status === 'denied') throw oauthErrors.accessDenied();
    if (poll.status === 'allowed') return;
    throw poll.isTooSoon ? oauthErrors.slowDown() : oauthErrors.authorizationPending();
  }

  private async begin(
    manager: EntityManager,
    authorizationId: string,
    client: KnownClient,
    form: TokenRequest,
    reply: FastifyReply,
  ): Promise<BegunAtClient> {
    const allowed = await this.store.find(manager, authorizationId);
    if (allowed === null) throw oauthErrors.expiredToken();
    const { userId, sessionId: parentId, scope, audience } = allowed;
    if (userId === null || parentId === null) throw oauthErrors.invalidGrant();
    const grant = { userId, clientId: client.id, parentId, scope: scopesOf(scope), audience };
    return this.beginAtClient.begin(manager, {
      client,
      grant,
      form,
      actor: actorOf(reply.request),
    });
  }
}
