import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { MAX_SCOPE_LENGTH } from '../../tokens/access-tokens/access-token-size.js';
import { defineOneTimePurpose } from '../../tokens/one-time/one-time-purpose.js';
import { OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import { AuthenticateClient } from '../authenticate-client.js';
import { Places } from '../authorize/places.js';
import { TokenAudiences } from '../authorize/token-audiences.js';
import { ActiveClients } from '../clients/active-clients.js';
import type { RegisteredClient } from '../clients/oauth-clients.js';
import { scopesOf } from '../clients/scopes.js';
import { oauthErrors } from '../oauth.errors.js';
import { type Target, targetOf } from '../resources/target-of.js';
import type { DeviceAuthorizationForm, DeviceAuthorizationResponse } from './device.dto.js';
import { DeviceStore } from './device-store.js';
import { DeviceThrottle } from './device-throttle.js';
import { UserCodes } from './user-code.js';

/** Longer than the authorization that it is for: who asks late is told that it has expired. */
export const DEVICE_CODE = defineOneTimePurpose({
  name: 'device-code',
  lifetimeSeconds: 1_800,
  diesWith: [],
  severalAtOnce: true,
});

/** Which authorization it redeems. */
export interface DeviceCodeDetails {
  readonly authorizationId: string;
}

const LIFETIME_SECONDS = 600;
const INTERVAL_SECONDS = 5;
/** By chance two have the same code once in 25,600,000,000. */
const TRIES = 3;

/** Begins the sign-in of a device that has no browser, or no keyboard (RFC 8628 section 3.1). */
@Injectable()
export class AuthorizeDevice {
  constructor(
    private readonly authentication: AuthenticateClient,
    private readonly throttle: DeviceThrottle,
    private readonly audiences: TokenAudiences,
    private readonly secrets: OneTimeSecrets,
    private readonly codes: UserCodes,
    private readonly store: DeviceStore,
    private readonly clients: ActiveClients,
    private readonly places: Places,
    private readonly dataSource: DataSource,
  ) {}

  /**
   * @throws LatchkeyError `oauth.invalid_client`, `oauth.invalid_request`, `oauth.invalid_scope`,
   *   `oauth.invalid_target`, `oauth.unauthorized_client`, `throttle.too_many_requests`
   */
  async begin(
    reply: FastifyReply,
    form: DeviceAuthorizationForm,
  ): Promise<DeviceAuthorizationResponse> {
    await this.throttle.countDevice(reply);
    const client = await this.authentication.authenticateAny(reply, form);
    if (!client.deviceFlow) throw oauthErrors.unauthorizedClient({ detail: NOT_REGISTERED });
    const scope = this.readScope(client, form);
    const { audience } = this.readTarget(client, scope, form);
    const { deviceCode, userCode } = await this.issue({
      clientId: client.id,
      scope: scope.join(' '),
      audience,
    });
    const address = this.places.device();
    return {
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: address,
      verification_uri_complete: `${address}#${userCode}`,
      expires_in: LIFETIME_SECONDS,
      interval: INTERVAL_SECONDS,
    };
  }

  private readScope(client: RegisteredClient, form: DeviceAuthorizationForm): string[] {
    const scope = scopesOf(form.scope ?? '');
    const isAllowed = scope.every((name) => client.scopes.includes(name));
    if (scope.length > 0 && isAllowed && scope.join(' ').length <= MAX_SCOPE_LENGTH) return scope;
    throw oauthErrors.invalidScope();
  }

  private readTarget(
    client: RegisteredClient,
    scope: readonly string[],
    { resource: resources = [] }: DeviceAuthorizationForm,
  ): Target {
    const target = targetOf({ scope, resources }, client.resourceScopes, this.audiences.of(client));
    if (!('refused' in target)) return target;
    const { refused, because: detail } = target;
    const refusal =
      refused === 'invalid_scope' ? oauthErrors.invalidScope : oauthErrors.invalidTarget;
    throw refusal({ detail });
  }

  private issue(asked: {
    readonly clientId: string;
    readonly scope: string;
    readonly audience: string | null;
  }): Promise<{ deviceCode: string; userCode: string }> {
    const details: DeviceCodeDetails = { authorizationId: uuidv7() };
    return this.dataSource.transaction(async (manager) => {
      // It may have been deleted since it was authenticated.
      const kept = await this.clients.keep(manager, asked.clientId);
      if (kept === null) throw oauthErrors.invalidClient();
      for (let tries = 0; tries < TRIES; tries += 1) {
        const userCode = this.codes.generate();
        const authorization = {
          ...asked,
          id: details.authorizationId,
          userCodeHash: this.codes.hash(userCode),
          intervalSeconds: INTERVAL_SECONDS,
        };
        if (!(await this.store.insert(manager, authorization, LIFETIME_SECONDS))) continue;
        const { token: deviceCode } = await this.secrets.issueToken(manager, DEVICE_CODE, {
          subject: null,
          boundTo: asked.clientId,
          details: { ...details },
        });
        return { deviceCode, userCode };
      }
      throw new Error('Every user code that was tried is in use.');
    });
  }
}

const NOT_REGISTERED = 'The client is not registered for the device flow (`deviceFlow`).';
