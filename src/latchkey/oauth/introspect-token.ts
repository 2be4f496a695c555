import { Injectable } from '@nestjs/common';
import { AccessConfig } from '../access/access.config.js';
import type { Principal } from '../access/principal.js';
import type { TokenSubject } from '../tokens/sessions/refresh/live-session.js';
import { Sessions } from '../tokens/sessions/sessions.js';
import { TokenAudiences } from './authorize/token-audiences.js';
import { ClientDirectory } from './clients/client-directory.js';
import { publicIdOf } from './clients/oauth-clients.js';
import { LiveAccessTokens } from './live-access-tokens.js';
import type { Introspection, ShownToken } from './oauth.dto.js';
import { ResourceStore } from './resources/resource-store.js';

const NOT_LIVE: Introspection = { active: false };

/** Says of a token what is true at this moment (RFC 7662). */
@Injectable()
export class IntrospectToken {
  constructor(
    private readonly accessTokens: LiveAccessTokens,
    private readonly sessions: Sessions,
    private readonly access: AccessConfig,
    private readonly audiences: TokenAudiences,
    private readonly resources: ResourceStore,
    private readonly clients: ClientDirectory,
  ) {}

  /**
   * A refresh token is described only to a caller that says that it is one: a service that asks what it
   * may let in must never hear that a refresh token is active.
   *
   * @param clientId of the client that asks
   * @throws LatchkeyError `access.revocation_unavailable`
   */
  async introspect(
    { token, token_type_hint: hint }: ShownToken,
    clientId: string,
  ): Promise<Introspection> {
    const principal = await this.findFor(token, clientId);
    // Last, so that no contributed claim stands in for them.
    if (principal !== null) return { ...principal.claims, active: true, token_type: 'Bearer' };
    return hint === 'refresh_token' ? this.introspectRefreshToken(token) : NOT_LIVE;
  }

  /** What is for a resource is told to the client of that resource, and to nobody else (RFC 7662 section 4). */
  private async findFor(token: string, clientId: string): Promise<Principal | null> {
    const principal = await this.accessTokens.find(token, 'any');
    if (principal === null) return null;
    const { aud } = principal.claims;
    if (this.audiences.ofUserinfo.some((own) => own === aud)) return principal;
    return (await this.resources.isOwn(clientId, aud)) ? principal : null;
  }

  private async introspectRefreshToken(token: string): Promise<Introspection> {
    const session = await this.sessions.inspect(token);
    if (session === null) return NOT_LIVE;
    return {
      active: true,
      iss: this.access.issuer,
      sub: session.userId,
      client_id: session.grant === null ? session.clientId : await this.publicIdOf(session),
      sid: session.id,
      exp: Math.floor(session.expiresAt.getTime() / 1000),
      auth_time: session.authTime,
      amr: session.amr,
      acr: session.acr,
      ...(session.grant !== null && { scope: session.grant.scope.join(' ') }),
    };
  }

  /** A client that is deleted meanwhile is named by its id. */
  private async publicIdOf({ clientId }: Pick<TokenSubject, 'clientId'>): Promise<string> {
    const client = await this.clients.find(clientId);
    return client === null ? clientId : publicIdOf(client);
  }
}
