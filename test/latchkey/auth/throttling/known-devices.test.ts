import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, type SignedIn, signUp } from '../../../builders/accounts.js';
import {
  cookieHeaderOf,
  cookiesOf,
  DEVICE_COOKIE,
  signInByCookie,
} from '../../../builders/browsers.js';
import { findSecrets } from '../../../support/store-copies.js';
import { startTestApp } from '../../../support/test-app.js';
import { guess, letTimePass, somewhere, THROTTLED, trySignIn, WRONG_PASSWORD } from './guesses.js';

const SETTINGS = {
  ...THROTTLED,
  THROTTLE_ADDRESS_REGISTRATIONS: '1000',
  THROTTLE_ADDRESS_FAILED_SIGN_INS: '15',
};
const NEW_PASSWORD = 'a crooked mile on a rainy day';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp(SETTINGS);
});
afterAll(() => app[Symbol.asyncDispose]());

/** The device cookie of a browser that has signed in, after others if there were any. */
async function deviceOf(email: string, before?: string): Promise<string> {
  const options = before === undefined ? {} : { cookie: before };
  const answer = await signInByCookie(app.api, email, options);
  expect(answer.status).toBe(200);
  return cookieHeaderOf(answer, DEVICE_COOKIE);
}

const hammer = (email: string) => guess(app.api, 11, { email, ip: somewhere() });
const statusWith = async (email: string, cookie: string, password = PASSWORD) =>
  (await trySignIn(app.api, { email, password, cookie, ip: somewhere() })).status;

describe('the device cookie', () => {
  it('comes with every sign-in, with the attributes of the session’s own', async () => {
    const { email } = await signUp(app);
    for (const answer of [
      await signInByCookie(app.api, email),
      await trySignIn(app.api, { email, ip: somewhere() }),
    ]) {
      const cookie = cookiesOf(answer).find(({ name }) => name === DEVICE_COOKIE);
      expect(cookie).toEqual({
        name: DEVICE_COOKIE,
        value: expect.stringMatching(/^[\w-]{64}$/),
        attributes: ['HttpOnly', 'Max-Age=34560000', 'Path=/', 'SameSite=Strict', 'Secure'],
      });
    }
  });

  it('does not come with a sign-in that fails, a refresh or a sign-out', async () => {
    const { email } = await signUp(app);
    const signedIn = await signInByCookie(app.api, email);
    const cookie = cookieHeaderOf(signedIn);
    const answers = [
      await trySignIn(app.api, { email, password: WRONG_PASSWORD, ip: somewhere() }),
      await app.api.post('/auth/refresh', undefined, { cookie }),
      await app.api.post('/auth/logout', undefined, { cookie }),
    ];
    const names = answers.flatMap(cookiesOf).map(({ name }) => name);
    expect(names).not.toContain(DEVICE_COOKIE);
  });

  it('says nothing about whose it is, and another one is made for each browser', async () => {
    const { email, userId } = await signUp(app);
    const [one, other] = [await deviceOf(email), await deviceOf(email)];
    expect(one).not.toBe(other);
    const mark = Buffer.from(one.split('=')[1] ?? '', 'base64url').toString('latin1');
    const id = Buffer.from(userId.replaceAll('-', ''), 'hex');
    expect(findSecrets(`${one} ${mark}`, { email, userId, id, password: PASSWORD })).toEqual([]);
  });

  it('signs nobody in', async () => {
    const { email } = await signUp(app);
    const cookie = await deviceOf(email);
    expect(await statusWith(email, cookie, WRONG_PASSWORD)).toBe(401);
    expect((await app.api.post('/auth/refresh', undefined, { cookie })).status).toBe(401);
    expect((await app.api.get('/auth/me', { cookie })).status).toBe(401);
  });
});

describe('a device that has signed in before', () => {
  it('signs in while strangers are refused, however often', async () => {
    const { email } = await signUp(app);
    const cookie = await deviceOf(email);
    await hammer(email);
    for (let turn = 0; turn < 3; turn += 1) expect(await statusWith(email, cookie)).toBe(200);
    expect(await statusWith(email, 'other=1')).toBe(429);
  });

  it('signs in from an address that is refused', async () => {
    const { email } = await signUp(app);
    const cookie = await deviceOf(email);
    const ip = somewhere();
    for (let turn = 0; turn < 15; turn += 1)
      await guess(app.api, 1, { email: `${turn}@x.example`, ip });
    expect((await trySignIn(app.api, { email, ip })).status).toBe(429);
    expect((await trySignIn(app.api, { email, ip, cookie })).status).toBe(200);
  });

  it('has a row of its own: its failures pause it alone', async () => {
    const { email } = await signUp(app);
    const [one, other] = [await deviceOf(email), await deviceOf(email)];
    const ip = somewhere();
    const statuses = await guess(app.api, 11, { email, cookie: one, ip });
    expect(statuses).toEqual([...Array(10).fill(401), 429]);
    expect(await statusWith(email, one)).toBe(429);
    expect(await statusWith(email, other)).toBe(200);
    expect((await trySignIn(app.api, { email, ip })).status).toBe(200);
    await letTimePass(app.stores, 30);
    expect(await statusWith(email, one)).toBe(200);
  });

  it('leaves the strangers’ row as it is when it signs in', async () => {
    const { email } = await signUp(app);
    const cookie = await deviceOf(email);
    await guess(app.api, 9, { email, ip: somewhere() });
    expect(await statusWith(email, cookie)).toBe(200);
    expect(await guess(app.api, 2, { email, ip: somewhere() })).toEqual([401, 429]);
  });

  it('stays known after its row of failures when it signs in again', async () => {
    const { email } = await signUp(app);
    const before = await deviceOf(email);
    const after = await deviceOf(email, before);
    await guess(app.api, 10, { email, cookie: before, ip: somewhere() });
    expect(await statusWith(email, after)).toBe(429);
  });

  it('stays known for each of the accounts that are signed in to from it', async () => {
    const people = await Promise.all([signUp(app), signUp(app), signUp(app)]);
    let cookie: string | undefined;
    for (const { email } of people) cookie = await deviceOf(email, cookie);
    for (const { email } of people) {
      await hammer(email);
      expect(await statusWith(email, cookie ?? '')).toBe(200);
    }
  });

  it('stays known after signing out, everywhere too', async () => {
    const { email, accessToken: token } = await signUp(app);
    const cookie = await deviceOf(email);
    expect((await app.api.post('/auth/logout-all', undefined, { token })).status).toBe(200);
    await hammer(email);
    expect(await statusWith(email, cookie)).toBe(200);
  });

  it('is a stranger once the password has been changed elsewhere', async () => {
    const owner = await signUp(app);
    const thiefs = await deviceOf(owner.email);
    const changed = await changePassword(owner);
    await hammer(owner.email);
    expect(await statusWith(owner.email, thiefs, NEW_PASSWORD)).toBe(429);
    const owners = cookieHeaderOf(changed, DEVICE_COOKIE);
    expect(await statusWith(owner.email, owners, NEW_PASSWORD)).toBe(200);
  });

  const changePassword = ({ accessToken: token }: SignedIn) =>
    app.api.post(
      '/auth/password/change',
      { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
      { token },
    );
});

/** One cookie's random id with another one's MAC. */
function splice(idOf: string, macOf: string): string {
  const bytesOf = (cookie: string) => Buffer.from(cookie.slice(-64), 'base64url');
  const mark = Buffer.concat([bytesOf(idOf).subarray(0, 16), bytesOf(macOf).subarray(16)]);
  return `${DEVICE_COOKIE}=${mark.toString('base64url')}`;
}

describe('a device cookie that counts as none', () => {
  let email: string;
  let own: string;
  let foreign: string;
  beforeAll(async () => {
    const [owner, other] = [await signUp(app), await signUp(app)];
    ({ email } = owner);
    [own, foreign] = [await deviceOf(email), await deviceOf(other.email)];
    await hammer(email);
  });

  it.each<[string, (own: string, foreign: string) => string]>([
    ['of somebody else', (_, foreign) => foreign],
    ['with another device’s id', (own, foreign) => splice(foreign, own)],
    ['with one bit changed', (own) => own.slice(0, -1) + (own.endsWith('A') ? 'g' : 'A')],
    ['cut short', (own) => own.slice(0, -2)],
    ['with something added', (own) => `${own}AAAA`],
    ['made of nothing', () => `${DEVICE_COOKIE}=${'A'.repeat(64)}`],
    ['that is nonsense', () => `${DEVICE_COOKIE}=%00..${'.'.repeat(3_000)}`],
    ['under another name', (own) => own.replace('__Host-', '')],
  ])('%s', async (_, change) => {
    // Where the pause is over by now, it begins anew.
    await guess(app.api, 1, { email, ip: somewhere() });
    expect(await statusWith(email, change(own, foreign))).toBe(429);
    expect(await statusWith(email, own)).toBe(200);
  });
});
