import { describe, expect, it } from 'vitest';
import { emailKey } from '../../../../src/latchkey/platform/http/validation/email-address.js';

describe('two spellings of an e-mail address are one account', () => {
  it.each([
    ['case', 'Ada@Example.COM', 'ada@example.com'],
    ['full-width letters', 'ａda@example.com', 'ada@example.com'],
    ['composed and decomposed', 'zo\u00eb@example.com', 'zoe\u0308@example.com'],
    ['a capital that decomposes in lower case', '\u0130@example.com', 'i\u0307@example.com'],
  ])('%s', (_, one, other) => {
    expect(emailKey(one)).toBe(emailKey(other));
  });

  it('while other addresses stay apart', () => {
    expect(emailKey('ada+notes@example.com')).not.toBe(emailKey('ada@example.com'));
    expect(emailKey('a.da@example.com')).not.toBe(emailKey('ada@example.com'));
  });
});
