import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DataSource, type EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { actorOf } from '../../audit/current-actor.decorator.js';
import { oneTimeErrors } from '../../tokens/one-time/one-time.errors.js';
import { OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import type { ShownSecret } from '../../tokens/one-time/shown-secret.js';
import { AuthenticateClient } from '../authenticate-client.js';
import type { RegisteredClient } from '../clients/oauth-clients.js';
import type { Grant } from '../grant.js';
import type { OAuthTokenResponse, TokenRequest } from '../oauth.dto.js';
import { oauthErrors } from '../oauth.errors.js';
import { BeginAtClient } from './begin-at-client.js';
import { AUTHORIZATION_CODE, bindingOf, type CodeDetails, s256 } from './issue-code.js';
import { ReplayedCode } from './replayed-code.js';

/** RFC 7636 section 4.1. */
const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

/** A code becomes a session at the client (RFC 6749 section 4.1.3). */
@Injectable()
export class AuthorizationCodeGrant implements Grant {
  constructor(
    private readonly authentication: AuthenticateClient,
    private readonly secrets: OneTimeSecrets,
    private readonly replayed: ReplayedCode,
    private readonly beginAtClient: BeginAtClient,
    private readonly dataSource: DataSource,
  ) {}

  /**
   * Of any number of redemptions at once one is answered. Each of the others ends what that one has given: two
   * have had the code (RFC 9700 section 2.1.1, OAuth 2.1 section 4.1.3).
   *
   * @throws LatchkeyError `oauth.invalid_client`, `oauth.invalid_request`, `oauth.invalid_grant`,
   *   `oauth.invalid_scope`, `oauth.invalid_target`
   */
  async issue(reply: FastifyReply, form: TokenRequest): Promise<OAuthTokenResponse> {
    const client = await this.authentication.authenticateAny(reply, form);
    const { code, binding } = shownIn(form, client);
    const actor = actorOf(reply.request);
    try {
      const shown = await this.secrets.check(AUTHORIZATION_CODE, { token: code }, binding);
      return await this.redeem(shown, client, form, actor);
    } catch (error) {
      if (!oneTimeErrors.proofInvalid.is(error)) throw error;
      await this.replayed.end(code, binding, actor);
      throw oauthErrors.invalidGrant();
    }
  }

  private redeem(
    shown: ShownSecret,
    client: RegisteredClient,
    form: TokenRequest,
    actor: Actor,
  ): Promise<OAuthTokenResponse> {
    return this.dataSource.transaction(async (manager) => {
      await this.secrets.consume(manager, shown);
      return this.begin(manager, shown, client, form, actor);
    });
  }

  private async begin(
    manager: EntityManager,
    shown: ShownSecret,
    client: RegisteredClient,
    form: TokenRequest,
    actor: Actor,
  ): Promise<OAuthTokenResponse> {
    const { userId, sessionId: parentId } = shown;
    const { scope, audience, nonce } = shown.details as unknown as CodeDetails;
    if (userId === null || parentId === null) throw oauthErrors.invalidGrant();
    const grant = { userId, clientId: client.id, parentId, scope, audience };
    const redemption = { client, grant, form, actor, nonce, redirectUri: form.redirect_uri };
    const { sessionId, response } = await this.beginAtClient.begin(manager, redemption);
    await this.secrets.note(manager, shown, { gave: sessionId });
    return response;
  }
}

/** @throws LatchkeyError `oauth.invalid_request`, `oauth.invalid_grant` */
function shownIn(
  { code, redirect_uri: redirectUri, code_verifier: verifier }: TokenRequest,
  { id: clientId }: RegisteredClient,
): { code: string; binding: string } {
  const missing = Object.entries({ code, redirect_uri: redirectUri, code_verifier: verifier })
    .filter(([, value]) => value === undefined)
    .map(([name]) => name);
  if (code === undefined || redirectUri === undefined || verifier === undefined) {
    throw oauthErrors.invalidRequest({ detail: `Missing: ${missing.join(', ')}.` });
  }
  if (!VERIFIER.test(verifier)) throw oauthErrors.invalidGrant();
  return { code, binding: bindingOf({ clientId, redirectUri, codeChallenge: s256(verifier) }) };
}
