import { Injectable } from '@nestjs/common';
import { AccessConfig } from '../../access/access.config.js';
import { ASSURANCE_LEVELS } from '../../access/assurance.js';
import { SingleSignOnConfig } from '../sessions/sso/single-sign-on.config.js';
import { type AuthorizationFacts, accessTokenClaims } from './access-token-claims.js';
import { authorityOfSession, type HeldFacts } from './authority-of-session.js';

const ANY_ID = '00000000-0000-7000-8000-000000000000';
const WIDEST_INTEGER = 2_147_483_647;
const WIDEST_TIME = 9_999_999_999;
/** More methods than a sign-in has had so far (RFC 8176). */
const WIDEST_METHODS = ['pwd', 'otp', 'hwk', 'mfa', 'user'];
const WIDEST_LEVEL = 'aal2';
const WIDEST_HEADER = { alg: 'ES256', kid: 'k'.repeat(43), typ: 'at+jwt' };
/** In base64url, of RSA with 3,072 bits: `JWT_ALGORITHM` may change after roles have been given. */
const WIDEST_SIGNATURE = 512;

/** Of claim `scope`. */
export const MAX_SCOPE_LENGTH = 300;
/** Of claim `aud`, where it is not this API. */
export const MAX_AUDIENCE_LENGTH = 200;
const WIDEST_GRANT = {
  scope: ['s'.repeat(MAX_SCOPE_LENGTH)],
  audience: 'a'.repeat(MAX_AUDIENCE_LENGTH),
};

/** How large access tokens get. */
@Injectable()
export class AccessTokenSize {
  constructor(
    private readonly access: AccessConfig,
    private readonly singleSignOn: SingleSignOnConfig,
  ) {}

  /**
   * The most bytes that an access token of somebody takes who holds these, for any user, any signing
   * key, whatever the session has shown, and also at a client that asks for as much as it can. The claims of a `ClaimsContributor` come on top.
   */
  bytesFor(held: Pick<HeldFacts, 'roles' | 'permissions' | 'demanding'>): number {
    const versions = { userVersion: WIDEST_INTEGER, rolesVersion: WIDEST_INTEGER };
    const facts = { ...held, userId: ANY_ID, ...versions };
    const sizes = ASSURANCE_LEVELS.map((acr) => this.bytesOf(authorityOfSession(facts, acr)));
    return Math.max(...sizes);
  }

  private bytesOf(facts: AuthorizationFacts): number {
    const claims = accessTokenClaims(
      this.access,
      {
        id: ANY_ID,
        userId: ANY_ID,
        clientId: ANY_ID,
        grant: this.singleSignOn.isOn ? WIDEST_GRANT : null,
        authTime: WIDEST_TIME,
        amr: WIDEST_METHODS,
        acr: WIDEST_LEVEL,
        version: WIDEST_INTEGER,
      },
      facts,
      { tokenId: ANY_ID, issuedAt: WIDEST_TIME, lifetimeSeconds: 0 },
    );
    const dots = 2;
    return encodedLength(WIDEST_HEADER) + encodedLength(claims) + WIDEST_SIGNATURE + dots;
  }
}

function encodedLength(part: object): number {
  return Buffer.from(JSON.stringify(part)).toString('base64url').length;
}
