import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { AccessTokens } from '../../tokens/access-tokens/access-tokens.js';
import {
  type ClientGrant,
  ClientSessions,
} from '../../tokens/sessions/at-clients/client-sessions.js';
import { Users } from '../../users/accounts/users.js';
import { publicIdOf, type RegisteredClient } from '../clients/oauth-clients.js';
import { IdTokens } from '../id-tokens/id-tokens.js';
import type { OAuthTokenResponse, TokenRequest } from '../oauth.dto.js';
import { oauthErrors } from '../oauth.errors.js';
import { NarrowGrant } from '../resources/narrow-grant.js';
import { StillGranted } from './still-granted.js';

const OFFLINE = 'offline_access';

/** What has been granted, to whom, and how it is asked for. */
export interface Redemption {
  readonly client: RegisteredClient;
  readonly grant: ClientGrant;
  readonly form: TokenRequest;
  readonly actor: Actor;
  readonly nonce?: string;
  /** Where the code went. */
  readonly redirectUri?: string;
}

export interface BegunAtClient {
  readonly sessionId: string;
  readonly response: OAuthTokenResponse;
}

/** Begins a session at a client, with its first tokens: what a code becomes, and a device that was allowed. */
@Injectable()
export class BeginAtClient {
  constructor(
    private readonly stillGranted: StillGranted,
    private readonly narrowGrant: NarrowGrant,
    private readonly sessions: ClientSessions,
    private readonly users: Users,
    private readonly accessTokens: AccessTokens,
    private readonly idTokens: IdTokens,
  ) {}

  /**
   * In the transaction that redeems what was granted.
   *
   * @throws LatchkeyError `oauth.invalid_grant` when it is granted no more, `oauth.invalid_scope`,
   *   `oauth.invalid_target`; roll back then
   */
  async begin(
    manager: EntityManager,
    { client, grant, form, actor, nonce, redirectUri }: Redemption,
  ): Promise<BegunAtClient> {
    if (!(await this.stillGranted.keep(manager, grant, redirectUri))) {
      throw oauthErrors.invalidGrant();
    }
    const told = this.narrowGrant.narrow(grant, form, client);
    const granted = await this.sessions.start(manager, grant, actor);
    const current = granted && (await this.users.findFacts(grant.userId, manager));
    if (!granted || !current) throw oauthErrors.invalidGrant();
    const { session, refreshToken } = granted;
    const clientId = publicIdOf(client);
    const subject = { ...session, clientId, grant: told };
    const { accessToken, expiresIn } = await this.accessTokens.issue(
      subject,
      current.facts,
      manager,
    );
    const response = {
      access_token: accessToken,
      token_type: 'Bearer' as const,
      expires_in: expiresIn,
      scope: told.scope.join(' '),
      ...(grant.scope.includes(OFFLINE) && { refresh_token: refreshToken }),
      ...(grant.scope.includes('openid') && {
        id_token: this.idTokens.issue({
          session,
          accessToken,
          nonce,
          algorithm: client.idTokenSignedResponseAlg,
          audience: clientId,
        }),
      }),
    };
    return { sessionId: session.id, response };
  }
}
