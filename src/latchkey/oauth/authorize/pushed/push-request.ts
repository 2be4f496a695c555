import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ErrorFactory } from '../../../platform/errors/define-errors.js';
import { AuthenticateClient } from '../../authenticate-client.js';
import { clientCredentialsOf } from '../../client-credentials.js';
import { ClientThrottle } from '../../client-throttle.js';
import { documentAddressOf } from '../../clients/documents/client-document.js';
import { DocumentClients } from '../../clients/documents/document-clients.js';
import { publicIdOf, type RegisteredClient } from '../../clients/oauth-clients.js';
import type { ClientForm } from '../../oauth.dto.js';
import { oauthErrors } from '../../oauth.errors.js';
import { AuthorizationParameters } from '../authorization-parameters.js';
import { type AuthorizationErrorCode, AuthorizationRefusal } from '../authorization-refusal.js';
import { FindPlace } from '../known-place.js';
import { readRequest } from '../read-request.js';
import type { PushedRequestResponse } from './pushed.dto.js';
import { PushedRequests } from './pushed-requests.js';

/** By which a client says who it is: nothing of it belongs to the request. */
const CREDENTIALS = ['client_secret', 'client_assertion', 'client_assertion_type'];
/** What the token endpoint says as well; everything else is `invalid_request` with a description. */
const NAMED: Partial<Record<AuthorizationErrorCode, ErrorFactory>> = {
  invalid_scope: oauthErrors.invalidScope,
  invalid_target: oauthErrors.invalidTarget,
  unauthorized_client: oauthErrors.unauthorizedClient,
};

/** Takes an authorization request from the client itself, and judges it before anybody is sent anywhere (RFC 9126). */
@Injectable()
export class PushRequest {
  constructor(
    private readonly authentication: AuthenticateClient,
    private readonly documents: DocumentClients,
    private readonly throttle: ClientThrottle,
    private readonly findPlace: FindPlace,
    private readonly requests: PushedRequests,
  ) {}

  /**
   * @param form of the same body
   * @throws LatchkeyError `oauth.invalid_client`, `oauth.invalid_request`, `oauth.invalid_scope`,
   *   `oauth.invalid_target`, `oauth.unauthorized_client`, `throttle.too_many_requests`
   */
  async push(
    reply: FastifyReply,
    given: URLSearchParams,
    form: ClientForm,
  ): Promise<PushedRequestResponse> {
    const id = publicIdOf(await this.identify(reply, form));
    const entries = [...given].filter(([name]) => !CREDENTIALS.includes(name));
    const asked = new URLSearchParams(entries);
    asked.set('client_id', id);
    const parameters = new AuthorizationParameters(asked);
    await this.judge(parameters);
    const { requestUri, expiresInSeconds } = await this.requests.keep(id, parameters);
    return { request_uri: requestUri, expires_in: expiresInSeconds };
  }

  /** An agent that nobody has let in yet is known by its document, which is asked for within the quota. */
  private async identify(reply: FastifyReply, form: ClientForm): Promise<RegisteredClient> {
    const shown = clientCredentialsOf(reply.request, form);
    const saysNoMore = shown?.secret === null && shown.assertion === null;
    if (saysNoMore && documentAddressOf(shown.clientId) !== null) {
      await this.throttle.countPush(reply, { id: shown.clientId });
      const agent = await this.documents.find(shown.clientId);
      if (agent !== null) return agent;
    }
    const client = await this.authentication.authenticateAny(reply, form);
    await this.throttle.countPush(reply, client);
    return client;
  }

  private async judge(parameters: AuthorizationParameters): Promise<void> {
    const place = await this.findPlace.find(parameters, { isPushed: true });
    try {
      readRequest(place, parameters);
    } catch (error) {
      if (!(error instanceof AuthorizationRefusal)) throw error;
      const refusal = NAMED[error.code] ?? oauthErrors.invalidRequest;
      throw refusal({ detail: error.description });
    }
  }
}
