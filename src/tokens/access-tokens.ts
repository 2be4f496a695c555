import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { JwtService } from '@nestjs/jwt';
import { v7 as uuidv7 } from 'uuid';
import { AccessConfig } from '../access/access.config.js';
import { SigningKeys } from '../keys/signing-keys.js';
import type { AuthorizationFacts } from './authorization-facts.js';
import { ClaimsContributor } from './claims-contributor.js';
import { FIRST_PARTY_CLIENT_ID } from './first-party-client.js';
import { HeardVersions } from './heard-versions.js';
import type { TokenSubject } from './live-session.js';
import { TokensConfig } from './tokens.config.js';

const MAX_TOKEN_BYTES = 4096;
const NOT_BEFORE = 'nbf';

/**
 * Issues access tokens: JWTs of the profile of RFC 9068, signed with the current key. Signing is
 * synchronous: asynchronous signing would wait in the thread pool behind password hashing.
 */
@Injectable()
export class AccessTokens implements OnModuleInit {
  private contributor?: ClaimsContributor;

  constructor(
    private readonly jwt: JwtService,
    private readonly keys: SigningKeys,
    private readonly access: AccessConfig,
    private readonly config: TokensConfig,
    private readonly discovery: DiscoveryService,
    private readonly versions: HeardVersions,
  ) {}

  /** Looks in every module: whoever provides a contributor need not make its module global. */
  onModuleInit(): void {
    const provider = this.discovery.getProviders().find(({ token }) => token === ClaimsContributor);
    this.contributor = provider?.instance;
  }

  /**
   * The lifetime counts from when the session was seen to be live, by the database's clock, and not
   * from when this process gets to sign: however long it was held up in between, the token ends
   * before a later revocation of the session may be forgotten.
   *
   * @returns the token and its lifetime in seconds
   * @throws Error when a contributed claim is reserved, or when the token would be larger than
   *   4096 bytes; it names the claim
   */
  async issue(
    session: TokenSubject,
    facts: AuthorizationFacts,
  ): Promise<{ accessToken: string; expiresIn: number }> {
    const contributed = await this.contribute(session, facts);
    const { userVersion, rolesVersion } = this.versions.notBelowHeard(facts);
    const expiresIn = this.config.accessTokenTtlSeconds;
    const issuedAt = Math.floor(session.seenLiveAtMs / 1000);
    const own = {
      iss: this.access.issuer,
      sub: session.userId,
      aud: this.access.audience,
      client_id: session.clientId,
      exp: issuedAt + expiresIn,
      iat: issuedAt,
      jti: uuidv7(),
      sid: session.id,
      roles: facts.roles,
      permissions: facts.permissions,
      auth_time: session.authTime,
      amr: session.amr,
      uv: userVersion,
      rv: rolesVersion,
    };
    refuseReserved(contributed, own);
    return { accessToken: this.sign({ ...contributed, ...own }), expiresIn };
  }

  /** Only to users' tokens: a service account is no user whom a contributor could look up. */
  private async contribute({ clientId }: TokenSubject, facts: AuthorizationFacts) {
    if (clientId !== FIRST_PARTY_CLIENT_ID) return {};
    return (await this.contributor?.contribute(facts)) ?? {};
  }

  private sign(claims: Record<string, unknown>): string {
    const { kid, algorithm, privateKey } = this.keys.current();
    const header = { alg: algorithm, kid, typ: 'at+jwt' };
    const token = this.jwt.sign(claims, { algorithm, privateKey, header });
    if (token.length > MAX_TOKEN_BYTES) throw tooLarge(token.length, claims);
    return token;
  }
}

function refuseReserved(contributed: object, own: object): void {
  const reserved = Object.keys(contributed).filter(
    (name) => Object.hasOwn(own, name) || name === NOT_BEFORE,
  );
  if (reserved.length === 0) return;
  throw new Error(`The claims contributor may not set reserved claims: ${reserved.join(', ')}.`);
}

function tooLarge(bytes: number, claims: Record<string, unknown>): Error {
  const sizes = Object.entries(claims).map(
    ([name, value]) => [name, JSON.stringify(value)?.length ?? 0] as const,
  );
  const [name, size] = sizes.reduce((largest, next) => (next[1] > largest[1] ? next : largest));
  return new Error(
    `The access token would have ${bytes} bytes, more than ${MAX_TOKEN_BYTES}: its largest claim is ${name} with ${size}.`,
  );
}
