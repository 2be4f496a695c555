import { Injectable } from '@nestjs/common';
import { AccessConfig } from '../../access/access.config.js';
import type { SessionGrant } from '../../tokens/sessions/refresh/live-session.js';
import { TokenAudiences } from '../authorize/token-audiences.js';
import type { RegisteredClient } from '../clients/oauth-clients.js';
import { SCOPES, scopesOf } from '../clients/scopes.js';
import type { TokenRequest } from '../oauth.dto.js';
import { oauthErrors } from '../oauth.errors.js';

const OWN: readonly string[] = SCOPES;

/** What a request for tokens asks of what has been granted: never more (RFC 6749 section 6, RFC 8707 section 2.2). */
@Injectable()
export class NarrowGrant {
  constructor(
    private readonly access: AccessConfig,
    private readonly audiences: TokenAudiences,
  ) {}

  /**
   * All of it, unless less is asked for. Where `openid` has been granted, a token for the userinfo endpoint can be
   * asked for besides that for the resource.
   *
   * @throws LatchkeyError `oauth.invalid_target`, also when the client gets no token for the resource any more;
   *   `oauth.invalid_scope`, also when nothing is left of what was granted
   */
  narrow(
    grant: SessionGrant,
    { scope: asked, resource: resources = [] }: Pick<TokenRequest, 'scope' | 'resource'>,
    { resourceScopes }: Pick<RegisteredClient, 'resourceScopes'>,
  ): SessionGrant {
    const granted = grant.audience ?? this.access.audience;
    const { userinfo } = this.audiences;
    const [wanted = granted, ...more] = new Set(resources);
    const toUserinfo = wanted === userinfo && granted !== userinfo;
    if (more.length > 0 || (wanted !== granted && !toUserinfo)) throw oauthErrors.invalidTarget();
    if (toUserinfo && !grant.scope.includes('openid')) throw oauthErrors.invalidTarget();
    const isOwn = toUserinfo || this.audiences.ofUserinfo.includes(granted);
    const ofResource = resourceScopes.filter(({ resource }) => resource.identifier === granted);
    if (!isOwn && ofResource.length === 0) throw oauthErrors.invalidTarget();
    const available = isOwn ? grant.scope.filter((name) => OWN.includes(name)) : grant.scope;
    const scope = asked === undefined ? available : scopesOf(asked);
    const says = isOwn ? scope.length > 0 : ofResource.some(({ name }) => scope.includes(name));
    if (!says || scope.some((name) => !available.includes(name))) throw oauthErrors.invalidScope();
    return { scope, audience: toUserinfo ? userinfo : grant.audience };
  }

  /**
   * Of tokens for this API, whose roles say what they may: a scope would have no meaning.
   *
   * @throws LatchkeyError `oauth.invalid_scope`, `oauth.invalid_target`
   */
  requireNone({ scope, resource = [] }: Pick<TokenRequest, 'scope' | 'resource'>): void {
    if (scope !== undefined) throw oauthErrors.invalidScope();
    if (resource.some((name) => name !== this.access.audience)) throw oauthErrors.invalidTarget();
  }
}
