import { describe, expect, it } from 'vitest';
import {
  base32,
  matchingStep,
  stepAt,
  totpCode,
  totpUri,
} from '../../../../src/latchkey/users/factors/totp.js';

const SEED = Buffer.from('12345678901234567890');
const CURRENT = 50_000_000;
const NOW = CURRENT * 30_000 + 12_345;

describe('codes of authenticator apps', () => {
  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('are those of RFC 6238, appendix B, at %i seconds', (seconds, code) => {
    expect(totpCode(SEED, stepAt(seconds * 1000), 8)).toBe(code);
    expect(totpCode(SEED, stepAt(seconds * 1000))).toBe(code.slice(2));
  });

  it.each([
    [-2, false],
    [-1, true],
    [0, true],
    [1, true],
    [2, false],
  ])('are good %i steps from now: %s', (offset, good) => {
    const step = CURRENT + offset;
    expect(matchingStep(SEED, totpCode(SEED, step), NOW, null)).toBe(good ? step : null);
  });

  it('are not good in or before the step that was accepted last', () => {
    const code = totpCode(SEED, CURRENT);
    expect(matchingStep(SEED, code, NOW, CURRENT - 1)).toBe(CURRENT);
    expect(matchingStep(SEED, code, NOW, CURRENT)).toBeNull();
    expect(matchingStep(SEED, code, NOW, CURRENT + 1)).toBeNull();
  });

  it.each(['', '12345', '1234567', 'abcdef', '１２３４５６'])('are not %j', (text) => {
    expect(matchingStep(SEED, text, NOW, null)).toBeNull();
  });
});

describe('what an app is told', () => {
  // RFC 4648 section 10, without padding.
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('%j is %j in base 32', (text, encoded) => {
    expect(base32(Buffer.from(text))).toBe(encoded);
  });

  it('names product and account, and says how codes are made', () => {
    const uri = new URL(totpUri('Shop & Co', 'ada+x@example.com', SEED));
    expect([uri.protocol, uri.host]).toEqual(['otpauth:', 'totp']);
    expect(decodeURIComponent(uri.pathname)).toBe('/Shop & Co:ada+x@example.com');
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      secret: base32(SEED),
      issuer: 'Shop & Co',
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
    expect(uri.search).toContain('issuer=Shop%20%26%20Co');
  });
});
