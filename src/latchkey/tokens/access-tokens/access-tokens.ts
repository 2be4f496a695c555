import { Injectable, Logger } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AccessConfig } from '../../access/access.config.js';
import { MAX_ACCESS_TOKEN_BYTES } from '../../access/verification/access-token-limits.js';
import { SigningKeys } from '../keys/signing-keys.js';
import type { TokenSubject } from '../sessions/refresh/live-session.js';
import { TokensConfig } from '../sessions/tokens.config.js';
import {
  type AccessTokenClaims,
  type AuthorizationFacts,
  accessTokenClaims,
} from './access-token-claims.js';
import { authorityOfSession, type HeldFacts } from './authority-of-session.js';
import { ContributedClaims } from './contributed-claims.js';
import { HeardVersions } from './heard-versions.js';

/** By which a client is granted to know what its user may do, and to do it. */
const ROLES_SCOPE = 'roles';
/** The permission that covers every other one. */
const EVERYTHING = '*';

/**
 * Issues access tokens: JWTs of the profile of RFC 9068, signed with the current key. Signing is
 * synchronous: it takes less than handing it to the thread pool would.
 */
@Injectable()
export class AccessTokens {
  private readonly logger = new Logger('Tokens');

  constructor(
    private readonly jwt: JwtService,
    private readonly keys: SigningKeys,
    private readonly access: AccessConfig,
    private readonly config: TokensConfig,
    private readonly contributed: ContributedClaims,
    private readonly versions: HeardVersions,
  ) {}

  /**
   * The lifetime counts from when the session was seen to be live, by the database's clock, and not
   * from when this process gets to sign: however long it was held up in between, the token ends
   * before a later revocation of the session may be forgotten.
   *
   * No token has more than 4,096 bytes, and that limit never refuses a sign-in: what does not fit
   * is left out, as `signFitting` describes, and the log names what grew.
   *
   * Roles that demand more than the session has shown are withheld.
   *
   * @param manager of the transaction that the token is issued in, if it is issued in one; what contributors read by
   * @returns the token, its lifetime in seconds and the roles that are withheld
   * @throws whatever a `ClaimsContributor` throws
   */
  async issue(
    session: TokenSubject,
    held: HeldFacts,
    manager: EntityManager,
  ): Promise<{ accessToken: string; expiresIn: number; withheld: readonly string[] }> {
    const facts = granted(session, authorityOfSession(held, session.acr));
    const contributed = await this.contribute(session, facts, manager);
    const { sessionVersion: version, ...versions } = await this.versions.datesOf(
      session,
      facts,
      manager,
    );
    const dated = { ...facts, ...versions };
    const expiresIn = this.config.accessTokenTtlSeconds;
    const own = accessTokenClaims(this.access, { ...session, version }, dated, {
      tokenId: uuidv7(),
      issuedAt: Math.floor(session.seenLiveAtMilliseconds / 1000),
      lifetimeSeconds: expiresIn,
    });
    const { withheld } = facts;
    return { accessToken: this.signFitting(contributed, own), expiresIn, withheld };
  }

  /**
   * Only to users' tokens for this API: a service account is no user whom a contributor could look up, and what
   * the team says of its users here is not for others.
   */
  private async contribute(
    session: TokenSubject,
    facts: AuthorizationFacts,
    manager: EntityManager,
  ) {
    const isService = session.clientId === session.userId;
    if (isService || (session.grant?.audience ?? null) !== null) return {};
    return this.contributed.contributedTo(facts, session, manager);
  }

  /**
   * The first that fits: all of it; all but what the team adds, which is its mistake; nothing but
   * that somebody is signed in, and `*` if they hold it, so that an administrator can always come in
   * and mend it. The last happens only where roles were given before their sizes were judged, or
   * `JWT_ISSUER` has become longer since.
   */
  private signFitting(contributed: Record<string, unknown>, own: AccessTokenClaims): string {
    const everything = { ...contributed, ...own };
    const token = this.sign(everything);
    if (fits(token)) return token;
    const withoutContributed = this.sign(own);
    const narrower = fits(withoutContributed) ? withoutContributed : this.sign(bare(own));
    const left = fits(withoutContributed) ? 'what claims contributors add' : 'roles';
    this.logger.error(
      {
        userId: own.sub,
        clientId: own.client_id,
        bytes: token.length,
        claims: sizesOf(everything),
      },
      `An access token would have had ${token.length} bytes, more than ${MAX_ACCESS_TOKEN_BYTES}: it was issued without ${left}. Its largest claim is ${largestOf(everything)}`,
    );
    return narrower;
  }

  private sign(claims: Record<string, unknown>): string {
    const { kid, algorithm, privateKey } = this.keys.current();
    const header = { alg: algorithm, kid, typ: 'at+jwt' };
    return this.jwt.sign(claims, { algorithm, privateKey, header });
  }
}

/** To a client, roles and permissions are told where they have been granted to it. */
function granted({ grant }: TokenSubject, held: AuthorizationFacts): AuthorizationFacts {
  if (grant === null || grant.scope.includes(ROLES_SCOPE)) return held;
  return { ...held, roles: [], permissions: [], withheld: [], stepUp: {} };
}

function fits(token: string): boolean {
  return token.length <= MAX_ACCESS_TOKEN_BYTES;
}

function bare({ withheld, step_up: stepUp, ...own }: AccessTokenClaims): AccessTokenClaims {
  const permissions = own.permissions.filter((one) => one === EVERYTHING);
  const levels = Object.entries(stepUp ?? {}).filter(([, more]) => more.includes(EVERYTHING));
  const everything = Object.fromEntries(levels.map(([level]) => [level, [EVERYTHING]]));
  return { ...own, roles: [], permissions, ...(levels.length > 0 && { step_up: everything }) };
}

/** In bytes of JSON. */
function sizesOf(claims: Record<string, unknown>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [name, JSON.stringify(value)?.length ?? 0]),
  );
}

function largestOf(claims: Record<string, unknown>): string {
  const sizes = Object.entries(sizesOf(claims));
  const [name, size] = sizes.reduce((largest, next) => (next[1] > largest[1] ? next : largest));
  return `${name} with ${size}.`;
}
