import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emailKey } from '../../../../src/latchkey/platform/http/validation/email-address.js';
import { CreateAdmin } from '../../../../src/latchkey/users/accounts/create-admin.js';
import { KeyAddressesByAsciiDomain1790000002500 } from '../../../../src/latchkey/users/accounts/migrations/1790000002500-key-addresses-by-ascii-domain.js';
import { parseImportedUser } from '../../../../src/latchkey/users/accounts/parse-imported-user.js';
import {
  type UnfitAddress,
  UnfitAddresses,
} from '../../../../src/latchkey/users/accounts/unfit-addresses.js';
import { PASSWORD, signIn, signUp } from '../../../builders/accounts.js';
import { runCommandLine } from '../../../support/command-line.js';
import { invalid, refusalOf, refused } from '../../../support/refusal.js';
import { freshDirectory } from '../../../support/service-process.js';
import { CHEAP_ENOUGH_FOR_TESTS, startTestApp } from '../../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());

/** What `doctor` says of the accounts. */
const examined = async (): Promise<string> => {
  const directory = await freshDirectory();
  const env = { ...CHEAP_ENOUGH_FOR_TESTS, DATABASE_URL: app.stores.databaseUrl };
  const { output } = await runCommandLine(['doctor'], { directory: directory.path, env });
  await directory.remove();
  return output;
};
const register = (email: string) => app.api.post('/auth/register', { email, password: PASSWORD });
const login = (email: string) => app.api.post('/auth/login', { email, password: PASSWORD });

const UNFIT: [what: string, email: string][] = [
  ['a quoted local part', '"attacker@evil.test x"@example.com'],
  ['a quoted local part without need', '"ada"@example.com'],
  ['two at signs', 'attacker@evil.test@example.com'],
  ['a comment', 'ada(work)@example.com'],
  ['a comment in the domain', 'ada@(work)example.com'],
  ['a display name', 'Ada <ada@example.com>'],
  ['a list', 'ada@example.com,eve@example.com'],
  ['a route', '@evil.test:ada@example.com'],
  ['a space', 'a da@example.com'],
  ['a no-break space', 'a\u00a0da@example.com'],
  ['a line break', 'ada@example.com\nBcc: eve'],
  ['an escape sequence', 'a\u001b[31mda@example.com'],
  ['a C1 control', 'a\u0085da@example.com'],
  ['a zero-width space', 'z\u200bz@example.com'],
  ['a zero-width joiner', 'z\u200dz@example.com'],
  ['a zero-width space in the domain', 'z@exam\u200bple.com'],
  ['a soft hyphen in the domain', 'z@exam\u00adple.com'],
  ['a byte order mark', '\ufeffz@example.com'],
  ['a variation selector', 'z\ufe0f@example.com'],
  ['a Hangul filler, which is a letter', 'z\u3164@example.com'],
  ['text that runs the other way', 'z\u202emoc@example.com'],
  ['an isolate in the domain', 'z@\u2066example.com'],
  ['a full-width at sign', 'ada\uff20evil.test@example.com'],
  ['a private character', 'z\ue000@example.com'],
  ['half of a surrogate pair', 'z\ud800@example.com'],
  ['an empty local part', '@example.com'],
  ['a full stop first', '.ada@example.com'],
  ['two full stops', 'a..da@example.com'],
  ['a full stop last', 'ada.@example.com'],
  ['no domain', 'ada@'],
  ['a domain of one label', 'ada@localhost'],
  ['the address of a host', 'ada@127.0.0.1'],
  ['the literal of a host', 'ada@[127.0.0.1]'],
  ['the root', 'ada@example.com.'],
  ['an underscore in the domain', 'ada@exa_mple.com'],
  ['an escape in the domain', 'ada@%65xample.com'],
  ['a path after the domain', 'ada@example.com/x'],
  ['a port', 'ada@example.com:25'],
  ['a label that is no Punycode', 'ada@xn--abc.com'],
  ['a label that begins with a dash', 'ada@-example.com'],
  ['a local part of 65 octets', `${'x'.repeat(65)}@example.com`],
  ['a local part of 65 octets in fewer letters', `${'é'.repeat(32)}x@example.com`],
  ['a label of 64 octets', `ada@${'x'.repeat(64)}.com`],
  ['a label whose ASCII form has more than 63', `ada@${'ü'.repeat(58)}.com`],
  ['255 octets', `ada@${'x'.repeat(63)}.${'x'.repeat(63)}.${'x'.repeat(63)}.${'x'.repeat(55)}.com`],
];

describe('an address that is not plain', () => {
  it.each(UNFIT)('%s: is refused on every way in', async (_, email) => {
    expect(refusalOf(await register(email))).toEqual(invalid('email'));
    const line = JSON.stringify({ email, passwordHash: null });
    expect(await parseImportedUser({ number: 1, bytes: Buffer.from(line) }, 'user')).toEqual({
      refusal: expect.stringContaining('email must be'),
    });
    await expect(
      app.nest.get(CreateAdmin, { strict: false }).create(email, PASSWORD),
    ).rejects.toMatchObject({ code: 'request.invalid' });
  });

  it('while everything that people do have is accepted', async () => {
    for (const email of [
      "o'brien+notes@example.com",
      '!#$%&*/=?^_`{|}~-@example.com',
      'zo\u00eb@example.com',
      '\u7528\u6237@\u4f8b\u5b50.example',
      'ada@sub.xn--p1ai',
      `${'x'.repeat(64)}@${'y'.repeat(63)}.example`,
      'ada@1.example',
    ]) {
      expect((await register(email)).status).toBe(201);
      expect((await login(email)).status).toBe(200);
    }
  });
});

describe('two spellings of a domain are one account', () => {
  it.each([
    ['Unicode and its ASCII form', 'p@m\u00fcller.example', 'p@xn--mller-kva.example'],
    ['capitals of both', 'q@M\u00dcLLER.example', 'q@XN--MLLER-KVA.example'],
    ['composed and decomposed', 'r@m\u00fcller.example', 'r@mu\u0308ller.example'],
    ['full-width letters and full stops', 's@\uff45xample\u3002com', 's@example.com'],
    ['Cyrillic', 't@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444', 't@xn--e1afmkfd.xn--p1ai'],
    ['sharp s, which is no ss', 'u@fa\u00df.example', 'u@xn--fa-hia.example'],
  ])('%s', async (_, one, other) => {
    const { body } = await register(one);
    expect(body.user.email).toMatch(/@[\x21-\x7e]+$/);
    expect(refusalOf(await register(other))).toEqual(refused(409, 'users.email_taken'));
    const ids = [await signIn(app.api, one), await signIn(app.api, other)];
    expect(ids.map(({ userId }) => userId)).toEqual([body.user.id, body.user.id]);
    // What failures are counted by.
    expect(emailKey(one)).toBe(emailKey(other));
  });

  it('while the domains of others stay theirs', async () => {
    expect((await register('v@fass.example')).status).toBe(201);
    expect((await register('v@fa\u00df.example')).status).toBe(201);
    expect((await register('p@muller.example')).status).toBe(201);
  });
});

describe('an account from before', () => {
  /** With the key that it was given then. */
  async function addOld(email: string, key = email): Promise<string> {
    const { userId, email: made } = await signUp(app);
    await app.stores.query('UPDATE users SET email = $2, email_key = $3 WHERE email = $1', [
      made,
      email,
      key,
    ]);
    return userId;
  }
  async function listed(): Promise<UnfitAddress[]> {
    const found: UnfitAddress[] = [];
    for await (const one of app.nest.get(UnfitAddresses, { strict: false }).find()) found.push(one);
    return found;
  }
  async function migrate(): Promise<void> {
    const runner = app.nest.get(DataSource, { strict: false }).createQueryRunner();
    await new KeyAddressesByAsciiDomain1790000002500().up(runner);
    await runner.release();
  }

  it('goes on working under the address as it was written, and is listed', async () => {
    const odd = ['"old one"@example.com', 'o\u200bd@example.com', 'o@exam\u00adple.com'];
    const ids = await Promise.all(odd.map((email) => addOld(email)));
    await migrate();
    for (const [index, email] of odd.entries()) {
      expect((await signIn(app.api, email)).userId).toBe(ids[index]);
    }
    expect((await login('o@example.com')).status).toBe(401);
    const found = await listed();
    expect(found.map(({ email }) => email).sort()).toEqual([...odd].sort());
    const output = await examined();
    expect(output).toContain(`${ids[1]}  "o\\u{200b}d@example.com"  not a plain address\n`);
    expect(output).toContain('3 accounts have an address that would not be accepted today.\n');
  });

  it('is found by every spelling of its domain', async () => {
    const userId = await addOld('w@b\u00fccher.example');
    await migrate();
    for (const email of ['w@b\u00fccher.example', 'w@xn--bcher-kva.example']) {
      expect((await signIn(app.api, email)).userId).toBe(userId);
    }
    expect((await register('w@xn--bcher-kva.example')).status).toBe(409);
  });

  it('stays its own where both spellings have one, and is listed', async () => {
    const ascii = await addOld('x@xn--bcher-kva.example');
    const unicode = await addOld('x@b\u00fccher.example');
    await migrate();
    expect((await signIn(app.api, 'x@xn--bcher-kva.example')).userId).toBe(ascii);
    expect((await signIn(app.api, 'x@b\u00fccher.example')).userId).toBe(unicode);
    const found = await listed();
    expect(found).toContainEqual({
      userId: unicode,
      email: 'x@b\u00fccher.example',
      problem: 'another spelling of an address that has an account',
    });
    expect(found.map(({ userId }) => userId)).not.toContain(ascii);
  });
});
