import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, type SignedIn, signUp, uniqueEmail } from '../../../builders/accounts.js';
import { invalid, refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp } from '../../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let user: SignedIn;

beforeAll(async () => {
  app = await startTestApp();
  user = await signUp(app, 'grace.hopper@navy.example');
  await app.api.patch('/users/me', { name: 'Grace Murray' }, { token: user.accessToken });
});
afterAll(() => app[Symbol.asyncDispose]());

const KEY = '🔑';
const MEGABYTE = 'x'.repeat(1_048_576);

const signIn = (email: string, password: unknown) =>
  app.api.post('/auth/login', { email, password });

/** Every way to come by a password, for somebody of the same address and name. */
const WAYS = {
  register: async (password: unknown) => {
    const email = 'grace.hopper@navy.example';
    return app.api.post('/auth/register', { email, password, name: 'Grace Murray' });
  },
  change: async (newPassword: unknown) => {
    const body = { currentPassword: PASSWORD, newPassword };
    const changed = await app.api.post('/auth/password/change', body, { token: user.accessToken });
    if (changed.status === 200) user = { ...user, accessToken: changed.body.accessToken };
    return changed;
  },
};

describe.each([
  ['register', 'password'],
  ['change', 'newPassword'],
] as const)('%s refuses, naming %s,', (way, field) => {
  it.each([
    ['an empty password', ''],
    ['one of 14 characters', 'only14chars!!!'],
    ['one of 14 code points in 28 UTF-16 units', KEY.repeat(14)],
    ['one of 257 characters', 'x'.repeat(257)],
    ['one of 257 code points', KEY.repeat(257)],
    ['one with a NUL', 'correct horse\0 battery staple'],
    ['one with half a character', `correct horse battery staple \ud83d`],
    ['one of the commonest', 'passwordpassword'],
    ['a common one dressed up', 'P.a.s.s.w.o.r.d-1.2.3.4.5.6.7'],
    ['a common one in full-width letters', 'ｑｗｅｒｔｙｕｉｏｐａｓｄｆｇｈｊｋｌ'],
    ['the e-mail address', 'grace.hopper@navy.example'],
    ['the mailbox twice', 'GraceHopperGraceHopper'],
    ['the name and a year', 'grace murray 1906'],
    ['the product and a common password', 'Latchkey-Password1'],
    ['a number', 123456789012345],
    ['a list', ['correct horse battery staple']],
    ['an object', { $gt: '' }],
    ['true', true],
    ['null', null],
    ['nothing', undefined],
  ])('%s', async (_, password) => {
    expect(refusalOf(await WAYS[way](password))).toEqual(invalid(field));
    expect((await signIn(user.email, PASSWORD)).status).toBe(200);
  });

  it('a megabyte, without reading it', async () => {
    expect(refusalOf(await WAYS[way](MEGABYTE))).toEqual(refused(413, 'request.too_large'));
  });

  it('and never tells the password', async () => {
    const secret = 'gracehopper@secret';
    expect((await WAYS[way](secret)).text).not.toContain(secret);
  });
});

describe('a password that is accepted signs in, and nothing near it does', () => {
  const PHRASE = 'Seven Green Kites';

  it.each([
    ['15 characters of one case', 'onlylowerletter', ['onlylowerlette', 'onlylowerletterr']],
    ['digits alone', '385029174650283', ['385029174650284']],
    ['15 code points', KEY.repeat(15), [KEY.repeat(14), KEY.repeat(16)]],
    ['256 characters', 'x'.repeat(256), ['x'.repeat(255), `${'x'.repeat(255)}y`]],
    ['256 code points', KEY.repeat(256), [`${KEY.repeat(255)}🗝`]],
    ['more than 72 bytes', `${'x'.repeat(72)}a`, [`${'x'.repeat(72)}b`, 'x'.repeat(72)]],
    ['spaces at both ends', ` ${PHRASE} `, [PHRASE, ` ${PHRASE}`, `${PHRASE} `]],
    ['capitals', PHRASE, [PHRASE.toLowerCase(), PHRASE.toUpperCase(), `${PHRASE} `, `${PHRASE}\n`]],
    ['control characters', 'seven\tgreen\r\nkites', ['seven green kites', 'seven\tgreen\nkites']],
  ])('%s', async (_, password, others) => {
    const email = uniqueEmail();
    expect((await app.api.post('/auth/register', { email, password })).status).toBe(201);
    for (const other of others) {
      expect(refusalOf(await signIn(email, other))).toEqual(
        refused(401, 'auth.invalid_credentials'),
      );
    }
    expect((await signIn(email, password)).status).toBe(200);
  });

  it.each([
    ['composed or not', 'sieben gr\u00fcne Drachen', 'sieben gru\u0308ne Drachen'],
    ['of another width', 'seven green kites', '\uff53\uff45\uff56\uff45\uff4e green kites'],
    ['with a ligature', 'five fiery kites fly', '\ufb01ve \ufb01ery kites fly'],
    ['with another space', 'seven green kites', 'seven\u00a0green\u2003kites'],
  ])('the same characters %s', async (_, chosen, typed) => {
    for (const [password, other] of [
      [chosen, typed],
      [typed, chosen],
    ]) {
      const email = uniqueEmail();
      expect((await app.api.post('/auth/register', { email, password })).status).toBe(201);
      expect((await signIn(email, other)).status).toBe(200);
    }
  });
});

describe('credentials that are no text are refused', () => {
  const VALUES = [7, 123456789012345, true, null, [], ['text'], {}, { $ne: null }, { length: 20 }];
  const EMAIL = 'grace.hopper@navy.example';

  it.each(VALUES)('%j', async (value) => {
    const as = { token: user.accessToken };
    const change = (body: unknown) => app.api.post('/auth/password/change', body, as);
    const { post } = app.api;
    const answers = {
      password: await signIn(EMAIL, value),
      email: await post('/auth/login', { email: value, password: PASSWORD }),
      delivery: await post('/auth/login', { email: EMAIL, password: PASSWORD, delivery: value }),
      currentPassword: await change({ currentPassword: value, newPassword: `${PASSWORD} 2` }),
      newPassword: await change({ currentPassword: PASSWORD, newPassword: value }),
      refreshToken: await post('/auth/refresh', { refreshToken: value }),
    };
    for (const [field, answer] of Object.entries(answers)) {
      expect(refusalOf(answer)).toEqual(invalid(field));
    }
    const logout = await post('/auth/logout', { refreshToken: value });
    expect(refusalOf(logout)).toEqual(invalid('refreshToken'));
  });

  it.each([
    ['a NUL twin', `${PASSWORD}\0`],
    ['half a character', `${PASSWORD}\ud83d`],
    ['too many characters', 'x'.repeat(257)],
    ['nothing at all', ''],
  ])('as are passwords with %s, before any hashing', async (_, password) => {
    expect(refusalOf(await signIn(EMAIL, password))).toEqual(invalid('password'));
  });

  it('as is a megabyte', async () => {
    const answer = await signIn(EMAIL, MEGABYTE);
    expect(refusalOf(answer)).toEqual(refused(413, 'request.too_large'));
  });
});
