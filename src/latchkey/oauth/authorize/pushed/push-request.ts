import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ErrorFactory } from '../../../platform/errors/define-errors.js';
import { AuthenticateClient } from '../../authenticate-client.js';
import { ClientThrottle } from '../../client-throttle.js';
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
    const client = await this.authentication.authenticateAny(reply, form);
    await this.throttle.countPush(reply, client);
    const { id } = client;
    const entries = [...given].filter(([name]) => !CREDENTIALS.includes(name));
    const asked = new URLSearchParams(entries);
    asked.set('client_id', id);
    const parameters = new AuthorizationParameters(asked);
    await this.judge(parameters);
    const { requestUri, expiresInSeconds } = await this.requests.keep(id, parameters);
    return { request_uri: requestUri, expires_in: expiresInSeconds };
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
