import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../../platform/clock/clock.js';
import { oneTimeErrors } from '../../../tokens/one-time/one-time.errors.js';
import { defineOneTimePurpose } from '../../../tokens/one-time/one-time-purpose.js';
import { OneTimeSecrets } from '../../../tokens/one-time/one-time-secrets.js';
import { documentAddressOf } from '../../clients/documents/client-document.js';
import { oauthErrors } from '../../oauth.errors.js';
import type { AuthorizationParameters } from '../authorization-parameters.js';
import { SealedRequest } from '../sealed-request.js';

const PUSHED_REQUEST = defineOneTimePurpose({
  name: 'pushed-request',
  lifetimeSeconds: 60,
  diesWith: [],
  severalAtOnce: true,
});

const PREFIX = 'urn:ietf:params:oauth:request_uri:';
const OVER = 'request_uri has been used, is too old, or was given to another client.';

/** Keeps requests that clients have pushed, until a browser comes with the reference (RFC 9126 section 2.2). */
@Injectable()
export class PushedRequests {
  constructor(
    private readonly dataSource: DataSource,
    private readonly secrets: OneTimeSecrets,
    private readonly sealed: SealedRequest,
    private readonly clock: Clock,
  ) {}

  /** Encrypted, as it may say whom the client expects. Nobody can guess the reference, and it is good once. */
  async keep(
    clientId: string,
    { entries: parameters }: AuthorizationParameters,
  ): Promise<{ requestUri: string; expiresInSeconds: number }> {
    const cameAt = Math.floor(this.clock.now() / 1000);
    const request = this.sealed.seal({
      parameters,
      cameAt,
      isPushed: true,
      shownBefore: null,
      sessionId: null,
      confirmed: false,
    });
    const { token, expiresInSeconds } = await this.dataSource.transaction((manager) =>
      this.secrets.issueToken(manager, PUSHED_REQUEST, {
        subject: null,
        boundTo: clientId,
        details: { request },
      }),
    );
    return { requestUri: PREFIX + token, expiresInSeconds };
  }

  /**
   * What the client has pushed; null where the request names none of ours.
   *
   * @throws LatchkeyError `oauth.invalid_request` when it is not good, which is shown to the person
   */
  async take(given: URLSearchParams): Promise<URLSearchParams | null> {
    const requestUri = given.get('request_uri') ?? '';
    if (!requestUri.startsWith(PREFIX)) return null;
    const proof = { token: requestUri.slice(PREFIX.length) };
    const named = given.get('client_id') ?? '';
    const clientId = documentAddressOf(named)?.href ?? named.toLowerCase();
    try {
      const shown = await this.secrets.redeem(
        PUSHED_REQUEST,
        proof,
        async (_, { details }) => details,
        clientId,
      );
      const request = this.sealed.open(String(shown.request));
      if (request === null) throw oneTimeErrors.proofInvalid();
      return new URLSearchParams([...request.parameters]);
    } catch (error) {
      if (!oneTimeErrors.proofInvalid.is(error)) throw error;
      throw oauthErrors.invalidRequest({ detail: OVER });
    }
  }
}
