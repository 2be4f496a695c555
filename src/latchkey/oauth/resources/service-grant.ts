import { Injectable } from '@nestjs/common';
import { AccessConfig } from '../../access/access.config.js';
import { MAX_SCOPE_LENGTH } from '../../tokens/access-tokens/access-token-size.js';
import type { SessionGrant } from '../../tokens/sessions/refresh/live-session.js';
import { SingleSignOnConfig } from '../../tokens/sessions/sso/single-sign-on.config.js';
import { OAuthClients } from '../clients/oauth-clients.js';
import { scopesOf } from '../clients/scopes.js';
import type { TokenRequest } from '../oauth.dto.js';
import { oauthErrors } from '../oauth.errors.js';
import { NarrowGrant } from './narrow-grant.js';
import { targetOf } from './target-of.js';

/** What a client asks for that acts for itself (RFC 6749 section 4.4.2, RFC 8707 section 2.2). */
@Injectable()
export class ServiceGrant {
  constructor(
    private readonly config: SingleSignOnConfig,
    private readonly access: AccessConfig,
    private readonly clients: OAuthClients,
    private readonly narrowGrant: NarrowGrant,
  ) {}

  /**
   * Null: a token for this API, with the client's roles. Otherwise one for a resource, with scopes of it that the client
   * is registered with, and no roles.
   *
   * @throws LatchkeyError `oauth.invalid_scope`, `oauth.invalid_target`, `oauth.invalid_client`
   */
  async of(clientId: string, form: TokenRequest): Promise<SessionGrant | null> {
    const { scope: text, resource: resources = [] } = form;
    const isForApi = resources.every((name) => name === this.access.audience);
    if (!this.config.isOn || (text === undefined && isForApi)) {
      this.narrowGrant.requireNone(form);
      return null;
    }
    const scope = scopesOf(text ?? '');
    // After the version of what the client holds: what is taken in between makes the token stale.
    const client = await this.clients.find(clientId);
    if (client === null) throw oauthErrors.invalidClient();
    const { resourceScopes } = client;
    const own = { audience: null, name: this.access.audience };
    const target = targetOf({ scope, resources }, resourceScopes, own);
    if ('refused' in target) {
      const refusal =
        target.refused === 'invalid_scope' ? oauthErrors.invalidScope : oauthErrors.invalidTarget;
      throw refusal({ detail: target.because });
    }
    const { resource, audience } = target;
    const known = resourceScopes.map(({ name }) => name);
    const isTooMuch = scope.some((name) => !known.includes(name));
    if (resource === null || isTooMuch || scope.join(' ').length > MAX_SCOPE_LENGTH) {
      throw oauthErrors.invalidScope();
    }
    return { scope, audience };
  }
}
