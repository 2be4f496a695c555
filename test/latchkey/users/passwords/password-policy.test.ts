import { randomInt } from 'node:crypto';
import type { DiscoveryService } from '@nestjs/core';
import { describe, expect, it } from 'vitest';
import { RuntimeConfig } from '../../../../src/latchkey/platform/config/runtime.config.js';
import { PasswordPolicy } from '../../../../src/latchkey/users/passwords/password-policy.js';
import { PasswordsConfig } from '../../../../src/latchkey/users/passwords/passwords.config.js';
import { ProvidedPasswordRules } from '../../../../src/latchkey/users/passwords/provided-password-rules.js';

const owner = { email: 'ada.byron@lovelace.example', name: 'Ada Lovelace' };

/** A policy to which nobody has added a rule, in production unless said otherwise. */
function policyWith(
  settings: Partial<PasswordsConfig> = {},
  nodeEnvironment = 'production',
): PasswordPolicy {
  const discovery = { getProviders: () => [] } as unknown as DiscoveryService;
  const rules = new ProvidedPasswordRules(discovery);
  const config = Object.assign(new PasswordsConfig(), settings);
  const runtime = Object.assign(new RuntimeConfig(), { nodeEnvironment });
  return new PasswordPolicy(config, rules, runtime);
}

const problemsOf = async (password: string, settings: Partial<PasswordsConfig> = {}) =>
  (await policyWith(settings).check('password', password, owner)).map(({ message }) => message);

describe('a password is accepted', () => {
  it.each([
    ['a phrase', 'seven lamps above a quiet quay'],
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
    ['a common word and a rare one', 'dragon xylophonist'],
    ['three words drawn from thousands', 'plover haystack quaver'],
    ['a common word beside many digits', 'sunshine 38502917'],
    ['the product name beside ten signs that are no letters', `latchkey${'🔑'.repeat(10)}`],
    ['256 characters that stand for eighteen each', 'ﷺ'.repeat(256)],
  ])('%s', async (_, password) => {
    expect(await problemsOf(password)).toEqual([]);
  });
});

describe('a password is refused for its length', () => {
  it.each([
    ['empty', '', 'at least 15'],
    ['one short', 'only14chars!!!', 'at least 15'],
    ['14 code points in 28 UTF-16 units', '🔑'.repeat(14), 'at least 15'],
    ['14 characters in 28 code points', 'e\u0301'.repeat(14), 'at least 15'],
    ['one too long', 'x'.repeat(257), 'at most 256'],
    ['257 code points of two UTF-16 units each', '🔑'.repeat(257), 'at most 256'],
  ])('%s', async (_, password, message) => {
    expect(await problemsOf(password)).toEqual([`password must have ${message} characters`]);
  });
});

describe('a password is refused as one of the commonest', () => {
  it.each([
    ['of the packaged list', 'polniypizdec0211'],
    ['repeated', 'passwordpassword'],
    ['over and over', 'abc123abc123abc123'],
    ['in capitals', 'PasswordPassword'],
    ['spaced', 'password password'],
    ['dotted', 'pass.word.pass.word'],
    ['in full-width letters', 'ｐａｓｓｗｏｒｄｐａｓｓｗｏｒｄ'],
    ['with a year', 'Administrator2026!'],
    ['between digits', '123 administrator 456'],
    ['before a row of digits', 'sunshine1234567890'],
    ['a row of keys', 'qwertyuiopasdfghjkl'],
    ['a row of keys from the middle', 'tyuiopasdfghjklz'],
    ['a row of keys backwards', 'mnbvcxzlkjhgfdsapoiu'],
    ['a row of digits', '123456789012345'],
    ['a row of letters', 'abcdefghijklmnopq'],
    ['every other key', '1q2w3e4r5t6y7u8i'],
    ['three letters, five times', 'abcabcabcabcabc'],
    ['a phrase that says what it is', 'this is my password'],
    ['two of them', 'dragon sunshine'],
    ['two of them and a year', 'SunshineMorning2026'],
    ['three of the very commonest', 'dragonmonkeymaster'],
    ['a phrase that everybody knows', 'thequickbrownfox'],
    ['the same in words', 'The quick brown fox'],
    ['the phrase of a comic, as lists have it', 'correcthorsebatterystaple'],
    ['the same with capitals', 'CorrectHorseBatteryStaple1'],
    ['the same with dashes', 'correct-horse-battery-staple'],
    ['the same in words, which the documentation signs in with', 'correct horse battery staple'],
    ['a proverb', 'Actions speak louder than words!'],
    ['a line of a song', 'hello darkness, my old friend'],
  ])('%s', async (_, password) => {
    expect(await problemsOf(password)).toEqual([
      'password must not be one of the commonest passwords',
    ]);
  });

  it('but the one of the documentation may be tried, outside production and as it stands there', async () => {
    const development = policyWith({}, 'development');
    const check = (password: string) => development.check('password', password, owner);
    expect(await check('correct horse battery staple')).toEqual([]);
    expect(await check('correcthorsebatterystaple')).toHaveLength(1);
  });

  it('but not when its words are drawn at random', async () => {
    const { dictionary } = await import('@zxcvbn-ts/language-common');
    const words = dictionary['diceware-common'];
    const draw = () => words[randomInt(words.length)];
    const drawn = Array.from({ length: 500 }, () => Array.from({ length: 4 }, draw).join(''));
    const long = drawn.filter((password) => password.length >= 15);
    const policy = policyWith();
    const refused = await Promise.all(long.map((one) => policy.check('password', one, owner)));
    // None of 5,000 were.
    expect(refused.filter((problems) => problems.length > 0).length).toBeLessThan(3);
  });

  it('also where shorter ones are allowed', async () => {
    const settings = { minLength: 8 };
    for (const password of ['sunshine', 'qwertyui', '87654321', 'iloveyou!']) {
      expect(await problemsOf(password, settings)).toHaveLength(1);
    }
    expect(await problemsOf('sunshade', settings)).toEqual([]);
  });
});

describe('a password is refused as built from what is known of its owner', () => {
  it.each([
    ['the address', 'ada.byron@lovelace.example', 'the e-mail address'],
    ['the address in capitals', 'ADA.BYRON@LOVELACE.EXAMPLE', 'the e-mail address'],
    ['the mailbox and a year', 'ada.byron-1815!', 'the e-mail address'],
    ['a part of the mailbox, repeated', 'byronbyronbyron', 'the e-mail address'],
    ['the domain', 'lovelace.example', 'the e-mail address'],
    ['the name', 'Ada Lovelace 1815', 'the name'],
    ['the name turned round', 'Lovelace, Ada 99', 'the e-mail address'],
    ['the product', 'latchkey-latchkey', 'the name of this service'],
    ['the product and a year', 'Latchkey 2025!!', 'the name of this service'],
    ['the product and a common password', 'latchkey password123', 'the name of this service'],
    ['what the operator names', 'Acme Widgets 2026!', 'the name of this service'],
    ['both', 'byron@acmewidgets', 'the e-mail address and the name of this service'],
  ])('%s', async (_, password, source) => {
    expect(await problemsOf(password, { contextWords: ['Acme-Widgets'] })).toContain(
      `password must not be built from ${source}`,
    );
  });

  it('and accepted for somebody else', async () => {
    const other = { email: 'mary@example.org' };
    expect(await policyWith().check('password', 'ada.byron-1815!', other)).toEqual([]);
  });
});

it('every rule that a password breaks is named', async () => {
  expect(await problemsOf('ada.byron')).toEqual([
    'password must have at least 15 characters',
    'password must not be built from the e-mail address',
  ]);
});

it('what is unfit is a bad field of the request, and its value is not told', async () => {
  const require = (password: string) =>
    policyWith().require('newPassword', password, { email: 'a@b.c' });
  await require('short, and yet a secret');
  const error = await require('xylograph').catch((refusal: unknown) => refusal);
  expect(error).toMatchObject({ code: 'request.invalid', fields: [{ field: 'newPassword' }] });
  expect(JSON.stringify(error)).not.toContain('xylograph');
});
