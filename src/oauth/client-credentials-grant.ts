import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '../audit/actor.js';
import { RepeatedEvents } from '../audit/repeated-events.js';
import type { AuthenticatedClient } from '../oauth-clients/authenticated-client.js';
import { AccessTokens } from '../tokens/access-tokens.js';
import type { OAuthTokenResponse } from './oauth-token-response.view.js';

/** A service acts for itself (RFC 6749 section 4.4). */
@Injectable()
export class ClientCredentialsGrant {
  constructor(
    private readonly accessTokens: AccessTokens,
    private readonly repeated: RepeatedEvents,
  ) {}

  /**
   * An access token with the client's own roles; a new one needs the secret, so there is no refresh
   * token (section 4.4.3). Its `sub` is the client (RFC 9068 section 2.2), its `sid` names this one
   * token: so can it be revoked, and so does an emergency stop reach it.
   */
  async issue(client: AuthenticatedClient, actor: Actor): Promise<OAuthTokenResponse> {
    const { id, facts, seenActiveAtMs, sessionMomentMs } = client;
    const subject = {
      id: uuidv7({ msecs: sessionMomentMs }),
      userId: id,
      clientId: id,
      authTime: Math.floor(seenActiveAtMs / 1000),
      amr: [],
      seenLiveAtMs: seenActiveAtMs,
    };
    const { accessToken, expiresIn } = await this.accessTokens.issue(subject, facts);
    this.repeated.record(id, {
      action: 'client.authenticated',
      actor: { ...actor, userId: id },
      target: { type: 'client', id },
    });
    return { access_token: accessToken, token_type: 'Bearer', expires_in: expiresIn };
  }
}
