import { describe, expect, it } from '@jest/globals';
import { LatchkeyError } from '../../src/errors/latchkey-error.js';
import { PasswordPolicy } from '../../src/passwords/password-policy.js';
import { PasswordsConfig } from '../../src/passwords/passwords.config.js';

const owner = { email: 'ada.byron@lovelace.example', name: 'Ada Lovelace' };

function policyWith(settings: Partial<PasswordsConfig> = {}): PasswordPolicy {
  return new PasswordPolicy(Object.assign(new PasswordsConfig(), settings));
}

describe('a password is accepted', () => {
  it.each([
    ['a phrase', 'correct horse battery staple'],
    ['exactly the least length', 'exactly15chars!'],
    ['exactly the greatest length', 'x'.repeat(256)],
    ['15 code points of two UTF-16 units each', '🔑'.repeat(15)],
    ['256 code points of two UTF-16 units each', '🔑'.repeat(256)],
    ['one case, no digit, no symbol', 'onlylowerletters'],
    ['digits alone', '385029174650283'],
    ['spaces at both ends', '  seven green kites  '],
    ['another script', 'пять зелёных змеев летят'],
    ['the product name in a good phrase', 'my latchkey hangs behind the old clock'],
    ['the owner’s name in a good phrase', 'ada counts seventeen green kites'],
    ['a common word in a good phrase', 'password of seven green kites'],
    ['the product name beside ten signs that are no letters', `latchkey${'🔑'.repeat(10)}`],
  ])('%s', (_, password) => {
    expect(policyWith().check('password', password, owner)).toEqual([]);
  });
});

describe('a password is refused for its length', () => {
  it.each([
    ['empty', '', 'at least 15'],
    ['one short', 'only14chars!!!', 'at least 15'],
    ['14 code points in 28 UTF-16 units', '🔑'.repeat(14), 'at least 15'],
    ['one too long', 'x'.repeat(257), 'at most 256'],
    ['257 code points of two UTF-16 units each', '🔑'.repeat(257), 'at most 256'],
  ])('%s', (_, password, message) => {
    expect(policyWith().check('newPassword', password, owner)).toEqual([
      { field: 'newPassword', message: `newPassword must have ${message} characters` },
    ]);
  });
});

describe('a password is refused as one of the commonest', () => {
  it.each([
    ['repeated', 'passwordpassword'],
    ['in capitals', 'PasswordPassword'],
    ['spaced', 'password password'],
    ['dotted', 'pass.word.pass.word'],
    ['in full-width letters', 'ｐａｓｓｗｏｒｄｐａｓｓｗｏｒｄ'],
    ['a row of keys', 'qwertyuiopasdfghjkl'],
    ['a row of digits', '123456789012345'],
    ['every other key', '1q2w3e4r5t6y7u8i'],
  ])('%s', (_, password) => {
    expect(policyWith().check('password', password, owner)).toEqual([
      { field: 'password', message: 'password must not be one of the commonest passwords' },
    ]);
  });

  it('also where shorter ones are allowed', () => {
    const policy = policyWith({ minLength: 8 });
    expect(policy.check('password', 'sunshine', owner)).toHaveLength(1);
    expect(policy.check('password', 'sunshade', owner)).toEqual([]);
  });
});

describe('a password is refused as built from what is known of its owner', () => {
  it.each([
    ['the address', 'ada.byron@lovelace.example'],
    ['the address in capitals', 'ADA.BYRON@LOVELACE.EXAMPLE'],
    ['the mailbox and a year', 'ada.byron-1815!'],
    ['a part of the mailbox, repeated', 'byronbyronbyron'],
    ['the domain', 'lovelace.example'],
    ['the name', 'Ada Lovelace 1815'],
    ['the name turned round', 'Lovelace, Ada 99'],
    ['the product', 'latchkey-latchkey'],
    ['the product and a year', 'Latchkey 2025!!'],
    ['the product and a common password', 'latchkey password123'],
  ])('%s', (_, password) => {
    const [problem] = policyWith().check('password', password, owner);
    expect(problem?.message).toContain('must not be built from');
  });

  it('and accepted for somebody else', () => {
    const other = { email: 'mary@example.org' };
    expect(policyWith().check('password', 'ada.byron-1815!', other)).toEqual([]);
  });
});

it('what is unfit is a bad field of the request, and its value is not told', () => {
  const refusal = () => policyWith().require('newPassword', 'short and secret', { email: 'a@b.c' });
  expect(refusal).not.toThrow();
  const short = () => policyWith().require('newPassword', 'shortsecret', { email: 'a@b.c' });
  expect(short).toThrow(LatchkeyError);
  try {
    short();
  } catch (error) {
    const { code, fields } = error as LatchkeyError;
    expect(code).toBe('request.invalid');
    expect(fields?.map(({ field }) => field)).toEqual(['newPassword']);
    expect(JSON.stringify(fields)).not.toContain('shortsecret');
  }
});
