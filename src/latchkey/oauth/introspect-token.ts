import { Injectable } from '@nestjs/common';
import { AccessConfig } from '../access/access.config.js';
import { Sessions } from '../tokens/sessions/sessions.js';
import { TokenAudiences } from './authorize/token-audiences.js';
import { LiveAccessTokens } from './live-access-tokens.js';
import type { Introspection, ShownToken } from './oauth.dto.js';

const NOT_LIVE: Introspection = { active: false };

/** Says of a token what is true at this moment (RFC 7662). */
@Injectable()
export class IntrospectToken {
  constructor(
    private readonly accessTokens: LiveAccessTokens,
    private readonly sessions: Sessions,
    private readonly access: AccessConfig,
    private readonly audiences: TokenAudiences,
  ) {}

  /**
   * A refresh token is described only to a caller that says that it is one: a service that asks what it
   * may let in must never hear that a refresh token is active.
   *
   * @throws LatchkeyError `access.revocation_unavailable`
   */
  async introspect({ token, token_type_hint: hint }: ShownToken): Promise<Introspection> {
    const principal = await this.accessTokens.find(token, this.audiences.ofUserinfo);
    // Last, so that no contributed claim stands in for them.
    if (principal !== null) return { ...principal.claims, active: true, token_type: 'Bearer' };
    return hint === 'refresh_token' ? this.introspectRefreshToken(token) : NOT_LIVE;
  }

  private async introspectRefreshToken(token: string): Promise<Introspection> {
    const session = await this.sessions.inspect(token);
    if (session === null) return NOT_LIVE;
    return {
      active: true,
      iss: this.access.issuer,
      sub: session.userId,
      client_id: session.clientId,
      sid: session.id,
      exp: Math.floor(session.expiresAt.getTime() / 1000),
      auth_time: session.authTime,
      amr: session.amr,
      acr: session.acr,
      ...(session.grant !== null && { scope: session.grant.scope.join(' ') }),
    };
  }
}
