import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Principal } from '../principal.js';
import { type VerificationKey, VerificationKeys } from './verification-keys.js';

/** Tokens remembered at most; about 2 KiB each. */
const CAPACITY = 10_000;

/** Characters of a token's end that it is looked up by: about 32 bits of its signature. */
const INDEX_CHARACTERS = 6;

interface VerifiedToken {
  readonly token: string;
  readonly principal: Principal;
  readonly key: VerificationKey;
}

/**
 * The tokens whose signature this process has already checked, by their exact text, so that a
 * signature is checked once and not once per request. They are looked up by a number made of its
 * end, since hashing the text would be most of what a look-up costs; of two tokens with the same
 * number the later one is remembered. A token is forgotten as soon as its key is no longer among
 * the verification keys; expiry and revocation are not this cache's to judge.
 */
@Injectable()
export class VerifiedTokens {
  private readonly tokens = new LRUCache<number, VerifiedToken>({ max: CAPACITY });

  constructor(private readonly keys: VerificationKeys) {}

  find(token: string): Principal | null {
    const verified = this.tokens.get(indexOf(token));
    if (verified === undefined || verified.token !== token) return null;
    if (this.keys.find(verified.key.kid) === verified.key) return verified.principal;
    this.tokens.delete(indexOf(token));
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
    this.tokens.set(indexOf(token), { token, principal, key });
  }
}

/** Bits of the signature: as good as random, and compared as a whole before they count for anything. */
function indexOf(token: string): number {
  let index = 0;
  for (let at = token.length - INDEX_CHARACTERS; at < token.length; at++) {
    index = (index << 6) ^ token.charCodeAt(at);
  }
  return index;
}
