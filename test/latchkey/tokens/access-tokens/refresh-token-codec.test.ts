import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { AppSecrets } from '../../../../src/latchkey/platform/config/app-secrets.js';
import { SecretsConfig } from '../../../../src/latchkey/platform/config/secrets.config.js';
import { FamilyKey } from '../../../../src/latchkey/tokens/sessions/refresh/family-key.js';
import { RefreshTokenCodec } from '../../../../src/latchkey/tokens/sessions/refresh/refresh-token-codec.js';

const OLD_SECRET = 'the-old-one-9f3b1c7a5e2d4680b1c2d3e4f5a6';
const NEW_SECRET = 'the-new-one-0a1b2c3d4e5f6a7b8c9d0e1f2a3b';
const SESSION_ID = '019312ab-cdef-7123-8456-789abcdef012';
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function codecWith(...appSecrets: string[]): RefreshTokenCodec {
  return new RefreshTokenCodec(new AppSecrets(Object.assign(new SecretsConfig(), { appSecrets })));
}

function accepts(codec: RefreshTokenCodec, token: string, familyKey: FamilyKey): boolean {
  const parsed = codec.parse(token);
  return parsed !== null && codec.verify(parsed, familyKey);
}

describe('a refresh token', () => {
  const codec = codecWith(OLD_SECRET);
  const familyKey = FamilyKey.generate();
  const token = codec.encode(SESSION_ID, 41, familyKey);
  const bytes = Buffer.from(token.slice('lkr_'.length), 'base64url');

  it('says which session and generation it is, and is authentic', () => {
    expect(codec.parse(token)).toMatchObject({ sessionId: SESSION_ID, generation: 41 });
    expect(accepts(codec, token, familyKey)).toBe(true);
  });

  it('is recognisable by its prefix and always of the same length', () => {
    expect(token).toMatch(/^lkr_[\w-]{70}$/);
    expect(codec.encode(SESSION_ID, 2 ** 31 - 1, familyKey)).toHaveLength(token.length);
  });

  it('can be computed again', () => {
    expect(codec.encode(SESSION_ID, 41, familyKey)).toBe(token);
    expect(codec.encode(SESSION_ID, 42, familyKey)).not.toBe(token);
  });

  it.each([
    ['empty', ''],
    ['only the prefix', 'lkr_'],
    ['without its prefix', token.slice(4)],
    ['with another prefix', token.replace('lkr_', 'lkx_')],
    ['with a prefix in capitals', token.replace('lkr_', 'LKR_')],
    ['cut by one character', token.slice(0, -1)],
    ['longer by one character', `${token}A`],
    ['padded', `${token}==`],
    ['in white space', ` ${token}`],
    ['with a line break for its last character', `${token.slice(0, -1)}\n`],
    ['with a character outside the alphabet', `${token.slice(0, -1)}!`],
    ['in the alphabet of plain base64', `lkr_+/${token.slice(6)}`],
    ['with a NUL inside', `${token.slice(0, 20)}\0${token.slice(21)}`],
    ['in letters that take more than one byte', `lkr_${'é'.repeat(70)}`],
    ['an access token', 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln'],
  ])('is refused when it is %s', (_what, text) => {
    expect(codec.parse(text)).toBeNull();
  });

  it('has one spelling: every other last character is refused before any key is asked', () => {
    const last = token.at(-1);
    const accepted = [...BASE64URL].filter((c) => codec.parse(token.slice(0, -1) + c) !== null);
    expect(accepted).toContain(last);
    // 52 bytes leave 2 bits for the last character: four canonical ones, each another MAC.
    expect(accepted).toHaveLength(4);
    const authentic = accepted.filter((c) => accepts(codec, token.slice(0, -1) + c, familyKey));
    expect(authentic).toEqual([last]);
  });

  it('is refused with any single bit changed', () => {
    const forgeries = Array.from({ length: bytes.length * 8 }, (_, bit) => {
      const forged = Buffer.from(bytes);
      const index = bit >> 3;
      forged.writeUInt8(forged.readUInt8(index) ^ (1 << (bit & 7)), index);
      return `lkr_${forged.toString('base64url')}`;
    });
    expect(forgeries.filter((forged) => accepts(codec, forged, familyKey))).toEqual([]);
  });

  it.each([0x00, 0xff])('can name any 16 bytes of %i without an error', (byte) => {
    const forged = `lkr_${Buffer.alloc(52, byte).toString('base64url')}`;
    expect(codec.parse(forged)?.sessionId).toMatch(/^(00|ff){4}-(..){2}-(..){2}-(..){2}-(..){6}$/);
    expect(accepts(codec, forged, familyKey)).toBe(false);
  });

  it('is refused by another family and by another server', () => {
    expect(accepts(codec, token, FamilyKey.generate())).toBe(false);
    expect(accepts(codecWith(NEW_SECRET), token, familyKey)).toBe(false);
  });

  it('outlives a rotation of the server secret until the old one is dropped', () => {
    const both = codecWith(NEW_SECRET, OLD_SECRET);
    expect(accepts(both, token, familyKey)).toBe(true);

    const renewed = both.encode(SESSION_ID, 42, familyKey);
    expect(accepts(codec, renewed, familyKey)).toBe(false);
    expect(accepts(codecWith(NEW_SECRET), renewed, familyKey)).toBe(true);
    expect(accepts(codecWith(NEW_SECRET), token, familyKey)).toBe(false);
  });

  it('leaves no family key in what is logged', () => {
    const logged = inspect(familyKey, { depth: 9, showHidden: true }) + JSON.stringify(familyKey);
    expect(logged).not.toContain(familyKey.toColumn().toString('hex').slice(0, 8));
    expect(logged).not.toContain('Buffer');
  });
});
