import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Principal } from './principal.js';
import { type VerificationKey, VerificationKeys } from './verification-keys.js';

/** Tokens remembered at most; about 2 KiB each. */
const CAPACITY = 10_000;

interface VerifiedToken {
  readonly principal: Principal;
  readonly key: VerificationKey;
}

/**
 * The tokens whose signature this process has already checked, by their exact text, so that a
 * signature is checked once and not once per request. A token is forgotten as soon as its key is
 * no longer among the verification keys; expiry and revocation are not this cache's to judge.
 */
@Injectable()
export class VerifiedTokens {
  private readonly tokens = new LRUCache<string, VerifiedToken>({ max: CAPACITY });

  constructor(private readonly keys: VerificationKeys) {}

  find(token: string): Principal | null {
    const verified = this.tokens.get(token);
    if (verified === undefined) return null;
    if (this.keys.find(verified.key.kid) === verified.key) return verified.principal;
    this.tokens.delete(token);
    return null;
  }

  /**
   * Does nothing when the key has been revoked since it verified the token.
   *
   * @param token one whose signature has just been verified
   */
  remember(token: string, principal: Principal): void {
    const key = this.keys.find(principal.keyId);
    if (key === undefined || key.key === null) return;
    this.tokens.set(token, { principal, key });
  }
}
