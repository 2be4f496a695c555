import type { KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import jsonwebtoken from 'jsonwebtoken';
import { Clock } from '../clock/clock.js';
import { AccessConfig } from './access.config.js';
import { accessErrors } from './access.errors.js';
import { readHeader } from './compact-token.js';
import type { Principal } from './principal.js';
import { principalFromClaims } from './principal-from-claims.js';
import { JWT_ALGORITHMS, VerificationKeys } from './verification-keys.js';

/** How far clocks of issuer and verifier may differ, in seconds. */
export const CLOCK_LEEWAY_SECONDS = 30;

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
   * @throws LatchkeyError `access.token_invalid`, `access.token_expired`
   */
  verify(token: string): Principal {
    const principal = this.principalFrom(this.claimsOf(token));
    this.requireUnexpired(principal);
    return principal;
  }

  /** What `jsonwebtoken` has to check; times are checked here, by the injected clock. */
  get signatureRules() {
    return {
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
   * @throws LatchkeyError `access.token_invalid`
   */
  keyFor(token: string): KeyObject {
    const header = readHeader(token);
    const key = this.keys.find(header.kid);
    if (key === undefined || key.algorithm !== header.alg) throw accessErrors.tokenInvalid();
    return key.key;
  }

  /**
   * @param claims of a token whose signature, issuer and audience have been verified
   * @throws LatchkeyError `access.token_invalid`
   */
  principalFrom(claims: Readonly<Record<string, unknown>>): Principal {
    const principal = principalFromClaims(claims);
    if (claims.nbf === undefined) return principal;
    const notBefore = typeof claims.nbf === 'number' ? claims.nbf : Number.POSITIVE_INFINITY;
    if (notBefore - CLOCK_LEEWAY_SECONDS > this.clock.now() / 1000) {
      throw accessErrors.tokenInvalid();
    }
    return principal;
  }

  /** @throws LatchkeyError `access.token_expired` */
  requireUnexpired(principal: Principal): void {
    if (principal.expiresAt + CLOCK_LEEWAY_SECONDS > this.clock.now() / 1000) return;
    throw accessErrors.tokenExpired();
  }

  private claimsOf(token: string): Record<string, unknown> {
    const key = this.keyFor(token);
    try {
      const claims = jsonwebtoken.verify(token, key, this.signatureRules);
      if (typeof claims === 'object') return claims;
    } catch (cause) {
      throw accessErrors.tokenInvalid({ cause });
    }
    throw accessErrors.tokenInvalid();
  }
}
