import type { AccessConfig } from '../../access/access.config.js';
import type { WithheldAuthority } from '../../access/principal.js';
import type { TokenSubject } from '../sessions/refresh/live-session.js';

/** What a user may do in a session, of one snapshot: what an access token says about its user. */
export interface AuthorizationFacts {
  readonly userId: string;
  readonly roles: string[];
  readonly permissions: string[];
  /** Roles that are held besides, and demand more of the session: claim `withheld`. */
  readonly withheld: string[];
  /** What they are and what they permit, by the level that gives it: claim `step_up`. */
  readonly stepUp: WithheldAuthority;
  /** Raised by every change of the user's roles: claim `uv`. */
  readonly userVersion: number;
  /** Raised by every change of what a role permits: claim `rv`. */
  readonly rolesVersion: number;
}

/** The claims of an access token that are Latchkey's own (RFC 9068 section 2.2). */
export type AccessTokenClaims = ReturnType<typeof accessTokenClaims>;

export interface TokenOccasion {
  readonly tokenId: string;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  readonly lifetimeSeconds: number;
}

export function accessTokenClaims(
  { issuer, audience }: Pick<AccessConfig, 'issuer' | 'audience'>,
  session: Omit<TokenSubject, 'seenLiveAtMilliseconds' | 'data'>,
  facts: AuthorizationFacts,
  { tokenId, issuedAt, lifetimeSeconds }: TokenOccasion,
) {
  return {
    iss: issuer,
    sub: session.userId,
    aud: session.grant?.audience ?? audience,
    client_id: session.clientId,
    ...(session.grant !== null && { scope: session.grant.scope.join(' ') }),
    exp: issuedAt + lifetimeSeconds,
    iat: issuedAt,
    jti: tokenId,
    sid: session.id,
    roles: facts.roles,
    permissions: facts.permissions,
    ...(facts.withheld.length > 0 && { withheld: facts.withheld, step_up: facts.stepUp }),
    auth_time: session.authTime,
    amr: session.amr,
    ...(session.acr !== null && { acr: session.acr }),
    uv: facts.userVersion,
    ...(session.version > 0 && { sv: session.version }),
    rv: facts.rolesVersion,
  };
}
