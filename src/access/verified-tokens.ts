import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Principal } from './principal.js';
import { type VerificationKey, VerificationKeys } from './verification-keys.js';

/** Tokens remembered at most; about 2 KiB each. */
const CAPACITY = 10_000;

/** Of base64url: 192 bits of the signature, so that no two tokens share them but by forgery. */
const KEY_CHARACTERS = 32;

interface VerifiedToken {
  readonly token: string;
  readonly principal: Principal;
  readonly key: VerificationKey;
}

/**
 * The tokens whose signature this process has already checked, by their exact text, so that a
 * signature is checked once and not once per request. They are looked up by the end of it, since
 * hashing the whole text would be most of what a look-up costs. A token is forgotten as soon as its key is
 * no longer among the verification keys; expiry and revocation are not this cache's to judge.
 */
@Injectable()
export class VerifiedTokens {
  private readonly tokens = new LRUCache<string, VerifiedToken>({ max: CAPACITY });

  constructor(private readonly keys: VerificationKeys) {}

  find(token: string): Principal | null {
    const verified = this.tokens.get(token.slice(-KEY_CHARACTERS));
    if (verified === undefined || verified.token !== token) return null;
    if (this.keys.find(verified.key.kid) === verified.key) return verified.principal;
    this.tokens.delete(token.slice(-KEY_CHARACTERS));
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
    this.tokens.set(token.slice(-KEY_CHARACTERS), { token, principal, key });
  }
}
