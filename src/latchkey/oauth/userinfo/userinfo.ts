import { Injectable } from '@nestjs/common';
import { accessErrors } from '../../access/access.errors.js';
import type { Principal } from '../../access/principal.js';
import { authorityOfSession } from '../../tokens/access-tokens/authority-of-session.js';
import { Users } from '../../users/accounts/users.js';
import { TokenAudiences } from '../authorize/token-audiences.js';
import { scopesOf } from '../clients/scopes.js';
import { LiveAccessTokens } from '../live-access-tokens.js';
import type { UserinfoResponse } from './userinfo.dto.js';

const NOT_GRANTED = 'The access token has not the scope openid.';

/** What a client has been granted to know of its user, as it is now (OpenID Connect Core section 5.3). */
@Injectable()
export class Userinfo {
  constructor(
    private readonly accessTokens: LiveAccessTokens,
    private readonly audiences: TokenAudiences,
    private readonly users: Users,
  ) {}

  /**
   * @throws LatchkeyError `access.token_invalid` for whatever is not live here, `access.forbidden` without the scope
   *   `openid`, `access.keys_unavailable`, `access.revocation_unavailable`
   */
  async of(token: string): Promise<UserinfoResponse> {
    const principal = await this.accessTokens.find(token, this.audiences.ofUserinfo);
    if (principal === null) throw accessErrors.tokenInvalid();
    const granted = grantedTo(principal);
    if (!granted.includes('openid')) throw accessErrors.forbidden({ detail: NOT_GRANTED });
    const current = await this.users.findFacts(principal.userId);
    if (current === null) throw accessErrors.tokenInvalid();
    const { user, facts } = current;
    return {
      sub: user.id,
      ...(granted.includes('profile') && {
        ...(user.name !== null && { name: user.name }),
        ...(user.locale !== null && { locale: user.locale }),
      }),
      ...(granted.includes('email') && { email: user.email, email_verified: user.emailVerified }),
      ...(granted.includes('roles') && {
        roles: authorityOfSession(facts, principal.acr).roles,
      }),
    };
  }
}

function grantedTo({ claims: { scope } }: Principal): string[] {
  return typeof scope === 'string' ? scopesOf(scope) : [];
}
