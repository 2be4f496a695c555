import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import jsonwebtoken, { type Jwt, type JwtHeader } from 'jsonwebtoken';
import { Clock } from '../../platform/clock/clock.js';
import { AccessConfig } from '../access.config.js';
import { accessErrors } from '../access.errors.js';
import type { Principal } from '../principal.js';
import { CLOCK_LEEWAY_SECONDS, MAX_ACCESS_TOKEN_TTL_SECONDS } from './access-token-limits.js';
import { readHeader } from './compact-token.js';
import { principalFromClaims } from './principal-from-claims.js';
import { JWT_ALGORITHMS, VerificationKeys } from './verification-keys.js';

/**
 * Revocations are kept no longer than this, so a token that claims a longer life cannot be
 * accepted.
 */
const LONGEST_LIFE_SECONDS = MAX_ACCESS_TOKEN_TTL_SECONDS + CLOCK_LEEWAY_SECONDS;

/** A token whose signature, issuer and audience are right. */
export interface AuthenticToken {
  readonly header: JwtHeader;
  readonly payload: Readonly<Record<string, unknown>>;
}

/**
 * Verifies access tokens (RFC 9068 section 4, RFC 8725). What it trusts: the keys of
 * `VerificationKeys`, the configured issuer and audience, and the process's clock.
 *
 * It says whether a token is authentic and in time; whether it has been revoked is the
 * `RevocationList`'s to say.
 */
@Injectable()
export class AccessTokenVerifier {
  constructor(
    private readonly config: AccessConfig,
    private readonly keys: VerificationKeys,
    private readonly clock: Clock,
  ) {}

  /**
   * The whole of verification, for callers outside the guard.
   *
   * @param audiences of which the token has to name one; `any`: whoever it is for. Unless it is said, this API
   * @throws LatchkeyError `access.token_invalid`, `access.token_expired`, `access.token_stale`,
   *   `access.keys_unavailable`
   */
  async verify(token: string, audiences?: readonly string[] | 'any'): Promise<Principal> {
    const principal = this.principalFrom(await this.verifySignature(token, audiences));
    this.requireInTime(principal);
    return principal;
  }

  /** What `jsonwebtoken` has to check; times are checked here, by the injected clock. */
  get signatureRules() {
    return {
      complete: true as const,
      algorithms: [...JWT_ALGORITHMS],
      issuer: this.config.issuer,
      audience: this.config.audience,
      ignoreExpiration: true,
      ignoreNotBefore: true,
    };
  }

  /**
   * The key that a token claims to be signed with. Nothing of the token is verified yet.
   *
   * @throws LatchkeyError `access.token_invalid`; `access.token_stale` when the key was revoked;
   *   `access.keys_unavailable`
   */
  async keyFor(token: string): Promise<KeyObject> {
    const { kid, alg } = readHeader(token);
    const key = this.keys.find(kid) ?? (await this.keys.lookUp(kid));
    if (key === undefined) throw accessErrors.tokenInvalid();
    if (key.key === null) throw accessErrors.tokenStale();
    if (key.algorithm !== alg) throw accessErrors.tokenInvalid();
    return key.key;
  }

  /**
   * @param token whose signature, issuer and audience have been verified
   * @throws LatchkeyError `access.token_invalid`
   */
  principalFrom({ header, payload }: AuthenticToken): Principal {
    const principal = principalFromClaims(payload, String(header.kid));
    if (principal.expiresAt - principal.issuedAt > LONGEST_LIFE_SECONDS) {
      throw accessErrors.tokenInvalid();
    }
    const { nbf } = payload;
    if (nbf === undefined) return principal;
    const notBefore = typeof nbf === 'number' ? nbf : Number.POSITIVE_INFINITY;
    if (notBefore - CLOCK_LEEWAY_SECONDS > this.clock.now() / 1000) {
      throw accessErrors.tokenInvalid();
    }
    return principal;
  }

  /**
   * @param now in milliseconds since the epoch
   * @throws LatchkeyError `access.token_expired`; `access.token_invalid` when it is from the future
   */
  requireInTime({ issuedAt, expiresAt }: Principal, now = this.clock.now()): void {
    if (issuedAt - CLOCK_LEEWAY_SECONDS > now / 1000) throw accessErrors.tokenInvalid();
    const endsAt = expiresAt + CLOCK_LEEWAY_SECONDS;
    if (endsAt <= now / 1000) throw accessErrors.tokenExpired();
    // What had expired by a clock that has been set back since does not live again.
    const { setBack } = this.clock;
    if (setBack === null || issuedAt >= setBack.to / 1000 || endsAt > setBack.from / 1000) return;
    throw accessErrors.tokenExpired();
  }

  private async verifySignature(
    token: string,
    audiences: readonly string[] | 'any' = [this.config.audience],
  ): Promise<AuthenticToken> {
    const key = await this.keyFor(token);
    const { audience: _, ...rules } = this.signatureRules;
    // An empty list would be no rule at all to the library.
    const audience = audiences === 'any' ? {} : { audience: [...audiences] as [string] };
    try {
      return authenticToken(jsonwebtoken.verify(token, key, { ...rules, ...audience }));
    } catch (cause) {
      throw accessErrors.tokenInvalid({ cause });
    }
  }
}

/** @throws LatchkeyError `access.token_invalid` when the claims are no JSON object */
export function authenticToken({ header, payload }: Jwt): AuthenticToken {
  if (typeof payload !== 'object') throw accessErrors.tokenInvalid();
  return { header, payload };
}
