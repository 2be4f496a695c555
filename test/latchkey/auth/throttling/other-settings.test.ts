import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../../src/latchkey/platform/config/load-config.js';
import { PASSWORD, signUp, uniqueEmail } from '../../../builders/accounts.js';
import {
  cookieHeaderOf,
  cookiesOf,
  DEVICE_COOKIE,
  signInByCookie,
} from '../../../builders/browsers.js';
import { startTestApp, type TestApp } from '../../../support/test-app.js';
import { guess, somewhere, THROTTLED, trySignIn } from './guesses.js';

// Each group starts its own application, and asks only the one that was started last: sign-in
// strategies are kept in one place for the whole process.

const FAILED = (count: number) => Array<number>(count).fill(401);

const hammer = (app: TestApp, email: string) => guess(app.api, 11, { email, ip: somewhere() });

describe('with few tries of an address, no proxy, and registration that tells nothing', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  beforeAll(async () => {
    app = await startTestApp({
      ...THROTTLED,
      TRUSTED_PROXIES: '',
      THROTTLE_ADDRESS_FAILED_SIGN_INS: '5',
      EMAIL_VERIFICATION: 'required',
      THROTTLE_ADDRESS_REGISTRATIONS: '4',
    });
  });
  afterAll(() => app[Symbol.asyncDispose]());

  it('X-Forwarded-For does not split the counts when no proxy is trusted', async () => {
    const statuses: number[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      const target = { email: uniqueEmail(), ip: somewhere() };
      statuses.push(...(await guess(app.api, 1, target)));
    }
    expect(statuses).toEqual([...FAILED(5), 429]);
  });

  it('registration that must not tell counts taken addresses like others', async () => {
    const email = uniqueEmail();
    const register = () => app.api.post('/auth/register', { email, password: PASSWORD });
    const answers = [await register(), await register(), await register(), await register()];
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    expect(answers.map(({ headers }) => headers.get('ratelimit'))).toEqual(
      [3, 2, 1, 0].map((left) => expect.stringMatching(`^"registration-address";r=${left};t=`)),
    );
    expect((await register()).status).toBe(429);
  });
});

describe('with COOKIE_INSECURE', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  beforeAll(async () => {
    app = await startTestApp({ ...THROTTLED, COOKIE_INSECURE: 'true' });
  });
  afterAll(() => app[Symbol.asyncDispose]());

  it('a database that fails is nobody’s failure', async () => {
    const { email } = await signUp(app);
    const target = { email, ip: somewhere() };
    await app.stores.query('ALTER TABLE audit_events RENAME TO moved_away');
    for (const status of await guess(app.api, 12, target))
      expect(status).toBeGreaterThanOrEqual(500);
    await app.stores.query('ALTER TABLE moved_away RENAME TO audit_events');
    expect(await guess(app.api, 11, target)).toEqual([...FAILED(10), 429]);
  });

  it('COOKIE_INSECURE drops the device cookie’s prefix and Secure', async () => {
    const { email } = await signUp(app);
    const answer = await signInByCookie(app.api, email);
    const set = cookiesOf(answer).find(({ name }) => name === 'latchkey-device');
    expect(set?.attributes).toEqual(['HttpOnly', 'Max-Age=34560000', 'Path=/', 'SameSite=Strict']);
    await hammer(app, email);
    const cookie = cookieHeaderOf(answer, 'latchkey-device');
    expect((await trySignIn(app.api, { email, cookie })).status).toBe(200);
  });
});

it('auth.busy is nobody’s failure', async () => {
  await using app = await startTestApp({
    ...THROTTLED,
    // So that all of them have come before the first is done.
    ARGON2_MEMORY_KIB: '131072',
    HASHING_CONCURRENCY: '1',
    HASHING_QUEUE: '0',
  });
  const { email } = await signUp(app);
  const target = { email, ip: somewhere() };
  const answers = await Promise.all(Array.from({ length: 8 }, () => guess(app.api, 1, target)));
  const failed = answers.flat().filter((status) => status === 401).length;
  expect(answers.flat()).toContain(503);
  expect(await guess(app.api, 11 - failed, target)).toEqual([...FAILED(10 - failed), 429]);
});

it('a device cookie is good for as long as its secret is among APP_SECRETS', async () => {
  const [old, fresh] = ['o', 'n'].map((letter) => `${letter} for a secret of these tests alone`);
  await using before = await startTestApp({ ...THROTTLED, APP_SECRETS: old });
  const { stores } = before;
  const { email } = await signUp(before);
  const cookie = cookieHeaderOf(await signInByCookie(before.api, email), DEVICE_COOKIE);
  const statusUnder = async (secrets: string) => {
    // The former secret encrypted it, and without that secret nothing starts.
    await stores.query('DELETE FROM signing_keys');
    const app = await startTestApp({ ...THROTTLED, APP_SECRETS: secrets }, { stores });
    await hammer(app, email);
    const { status } = await trySignIn(app.api, { email, cookie, ip: somewhere() });
    await app.stop();
    return status;
  };
  expect(await statusUnder(`${fresh},${old}`)).toBe(200);
  expect(await statusUnder(`${fresh}`)).toBe(429);
});

describe('THROTTLING', () => {
  const load = (environment: string, throttling: string) => () =>
    loadConfig({
      NODE_ENV: environment,
      DATABASE_URL: 'postgres://localhost/latchkey',
      JWT_ISSUER: 'https://auth.example.com',
      APP_SECRETS: 'YkE1v3d0mXh7Qz9sLrT2uWcPfGnBjK4o6aHiNeRtVyUq',
      THROTTLING: throttling,
    });

  it('is on unless it is turned off, which production refuses', () => {
    expect(load('production', 'off')).toThrow('THROTTLING must not be off in production');
    expect(load('production', '')).not.toThrow();
    expect(load('development', 'off')).not.toThrow();
    expect(load('development', 'false')).toThrow('THROTTLING');
  });

  it('counts nothing and remembers no device when it is off', async () => {
    await using app = await startTestApp({ ...THROTTLED, THROTTLING: 'off' });
    const { email } = await signUp(app);
    expect(await guess(app.api, 12, { email })).toEqual(FAILED(12));
    const answer = await signInByCookie(app.api, email);
    expect(cookiesOf(answer)).toHaveLength(1);
    expect(answer.headers.get('ratelimit')).toBeNull();
  });
});
