import { createSecretKey, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import {
  type VerificationKey,
  VerificationKeys,
} from '../../../src/latchkey/access/verification/verification-keys.js';
import { VerifiedTokens } from '../../../src/latchkey/access/verification/verified-tokens.js';
import { aPrincipal } from '../tokens/revocation/a-principal.js';

const TOKEN = 'a token';
const GOOD: VerificationKey = {
  kid: 'key-1',
  algorithm: 'HS256',
  key: createSecretKey(randomBytes(32)),
};
const REVOKED: VerificationKey = { ...GOOD, key: null };

class OneKey extends VerificationKeys {
  constructor(public key: VerificationKey | undefined) {
    super();
  }

  find() {
    return this.key;
  }

  async lookUp() {
    return this.key;
  }
}

it.each([
  ['is good when it is remembered and when it is asked for', GOOD, GOOD, true],
  ['has been revoked while its token was verified', REVOKED, REVOKED, false],
  ['has been revoked since', GOOD, REVOKED, false],
  ['is unknown since', GOOD, undefined, false],
])('a token whose key %s is remembered or not', (_, before, after, remembered) => {
  const keys = new OneKey(before);
  const tokens = new VerifiedTokens(keys);
  tokens.remember(TOKEN, aPrincipal());
  keys.key = after;
  expect(tokens.find(TOKEN) !== null).toBe(remembered);
});

it('a token that ends as a remembered one does is not taken for it', () => {
  const tokens = new VerifiedTokens(new OneKey(GOOD));
  const signature = randomBytes(64).toString('base64url');
  tokens.remember(`header.claims.${signature}`, aPrincipal());
  expect(tokens.find(`header.claims.${signature}`)).not.toBeNull();
  expect(tokens.find(`header.other-claims.${signature}`)).toBeNull();
  expect(tokens.find(`header.claims.${signature}`)).not.toBeNull();
});

it('of tokens that end alike the one verified last is remembered, as itself', () => {
  const tokens = new VerifiedTokens(new OneKey(GOOD));
  const [first, second] = [aPrincipal({ userId: 'first' }), aPrincipal({ userId: 'second' })];
  tokens.remember('header.claims-1.of-one-end', first);
  tokens.remember('header.claims-2.of-one-end', second);
  expect(tokens.find('header.claims-1.of-one-end')).toBeNull();
  expect(tokens.find('header.claims-2.of-one-end')).toBe(second);
});
