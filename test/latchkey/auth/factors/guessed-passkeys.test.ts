import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RetentionSchedule } from '../../../../src/latchkey/operations/retention/retention-schedule.js';
import { loadConfig } from '../../../../src/latchkey/platform/config/load-config.js';
import { PASSWORD, signUp } from '../../../builders/accounts.js';
import { cookieHeaderOf, DEVICE_COOKIE } from '../../../builders/browsers.js';
import {
  passkeyAnswer,
  signInByPasskey,
  signUpWithPasskey,
  tryPasskey,
} from '../../../builders/passkey-accounts.js';
import { headersOf } from '../../../builders/places.js';
import {
  addTotp,
  challengeOf,
  showSecondFactor,
  signInWithTotp,
  signUpWithTotp,
} from '../../../builders/totp-accounts.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { CHEAP_ENOUGH_FOR_TESTS, startTestApp, TestApp } from '../../../support/test-app.js';
import { storedEvents } from '../../audit/stored-events.js';
import { somewhere, THROTTLED } from '../throttling/guesses.js';

const WRONG = refused(401, 'auth.factor_invalid');
const UNVERIFIED = refused(403, 'auth.email_unverified');
const QUOTA = 5;

let app: Awaited<ReturnType<typeof startTestApp>>;
let throttled: TestApp;
beforeAll(async () => {
  app = await startTestApp({ MAIL_PER_HOUR: '1000' });
  throttled = await TestApp.start({
    stores: app.stores,
    env: {
      ...THROTTLED,
      OUTBOX_WORKER: 'off',
      THROTTLE_ADDRESS_FAILED_SIGN_INS: String(QUOTA),
    },
  });
});
afterAll(async () => {
  await throttled.stop();
  await app[Symbol.asyncDispose]();
});

describe('sign-ins by a forged passkey', () => {
  it('are stopped for the address that they come from, and do not flood the audit trail', async () => {
    const { device, userId } = await signUpWithPasskey(app);
    const [ip, elsewhere] = [somewhere(), somewhere()];
    const before = (await storedEvents(app.stores, 'sign_in.failed')).length;
    const attempt = async (from: string, forgery = {}) => {
      const answer = await passkeyAnswer(app.api, device, forgery);
      const body = { ...answer, delivery: 'body' };
      return throttled.api.post('/auth/passkeys/sign-in', body, {
        headers: headersOf({ ip: from }),
      });
    };
    const statuses: number[] = [];
    for (let guess = 0; guess < QUOTA + 5; guess++) {
      statuses.push((await attempt(ip, { response: { signature: 'AAAA' } })).status);
    }
    expect(statuses).toEqual([...Array(QUOTA).fill(401), ...Array(5).fill(429)]);
    expect(await storedEvents(app.stores, 'sign_in.failed')).toHaveLength(before + QUOTA);
    const stopped = await storedEvents(app.stores, 'sign_in.throttled');
    const ours = stopped.filter(
      ({ details }) => (details as { policy: string }).policy === 'passkey-address',
    );
    expect(ours).toHaveLength(1);
    expect((await attempt(ip)).status).toBe(429);
    expect((await attempt(elsewhere)).status).toBe(200);
    expect(userId).toEqual(expect.any(String));
  });

  it('that succeed count nowhere', async () => {
    const { device } = await signUpWithPasskey(app);
    const headers = headersOf({ ip: somewhere() });
    for (let turn = 0; turn < QUOTA + 2; turn++) {
      const body = { ...(await passkeyAnswer(app.api, device)), delivery: 'body' };
      const answer = await throttled.api.post('/auth/passkeys/sign-in', body, { headers });
      expect(answer.status).toBe(200);
    }
  });

  it('are refused where they do not say whose they are (WebAuthn Level 3, 7.2 step 6)', async () => {
    const user = await signUpWithPasskey(app);
    for (const userHandle of [null, undefined]) {
      const answer = await tryPasskey(app.api, user.device, { response: { userHandle } });
      expect(refusalOf(answer)).toEqual(WRONG);
    }
    const { credential } = await passkeyAnswer(app.api, user.device, {
      response: { userHandle: null },
    });
    const challenge = await challengeOf(app.api, user.email);
    const shown = { method: 'passkey', credential };
    expect((await showSecondFactor(app.api, challenge, shown)).status).toBe(200);
  });
});

it('with EMAIL_VERIFICATION=required an address that is not verified opens no way in', async () => {
  const careful = await TestApp.start({
    stores: app.stores,
    env: { EMAIL_VERIFICATION: 'required', OUTBOX_WORKER: 'off' },
  });
  const user = await signUpWithPasskey(app);
  const guarded = await signUpWithTotp(app);
  const challenge = await challengeOf(careful.api, guarded.email);
  await app.stores.query('UPDATE users SET email_verified = false WHERE id = ANY($1)', [
    [user.userId, guarded.userId],
  ]);
  expect(refusalOf(await tryPasskey(careful.api, user.device))).toEqual(UNVERIFIED);
  const shown = { method: 'totp', code: guarded.code() };
  expect(refusalOf(await showSecondFactor(careful.api, challenge, shown))).toEqual(UNVERIFIED);
  await app.stores.query('UPDATE users SET email_verified = true WHERE id = $1', [user.userId]);
  await signInByPasskey(careful.api, user);
  await careful.stop();
});

describe('guesses at a second factor', () => {
  it('from a device that signed in before there was one count with those of strangers', async () => {
    const user = await signUp(app);
    const login = { email: user.email, password: PASSWORD };
    const marked = await throttled.api.post('/auth/login', login);
    const cookie = cookieHeaderOf(marked, DEVICE_COOKIE);
    expect(cookie).toContain(DEVICE_COOKIE);
    const withTotp = await addTotp(app, user);
    const wrong = { method: 'totp', code: withTotp.code() === '000000' ? '111111' : '000000' };
    const guess = async (options: object) => {
      const challenge = await challengeOf(app.api, user.email);
      const body = { challenge, ...wrong, delivery: 'body' };
      return (await throttled.api.post('/auth/login/second-factor', body, options)).status;
    };
    const statuses: number[] = [];
    for (let turn = 0; turn < 10; turn++) statuses.push(await guess({}));
    expect(statuses).toEqual(Array(10).fill(401));
    expect(await guess({})).toBe(429);
    expect(await guess({ cookie })).toBe(429);
  });

  it('in a session count for this session: the thief of a token does not shut the owner out', async () => {
    const user = await signUpWithTotp(app);
    const session = await signInWithTotp(app, user);
    const wrong = user.code() === '000000' ? '111111' : '000000';
    const stepUp = (token: string, code: string) =>
      throttled.api.post('/auth/step-up', { method: 'totp', code }, { token });
    for (let turn = 0; turn < 10; turn++) {
      expect((await stepUp(session.accessToken, wrong)).status).toBe(401);
    }
    expect((await stepUp(session.accessToken, wrong)).status).toBe(429);
    const challenge = await challengeOf(app.api, user.email);
    const shown = { challenge, method: 'totp', code: user.code(1), delivery: 'body' };
    expect((await throttled.api.post('/auth/login/second-factor', shown)).status).toBe(200);
  });
});

it('challenges that strangers have asked for are removed as soon as they are over', async () => {
  const { body } = await app.api.post('/auth/passkeys/sign-in/options');
  const challenges = `FROM one_time_secrets WHERE purpose = 'passkey-sign-in'`;
  await app.stores.query(
    `UPDATE one_time_secrets SET expires_at = clock_timestamp() - interval '1 second'
     WHERE purpose = 'passkey-sign-in'`,
  );
  expect(body.challenge).toEqual(expect.any(String));
  await app.nest.get(RetentionSchedule, { strict: false }).runOnce();
  expect(await app.stores.query(`SELECT ${challenges}`)).toEqual([]);
});

it('the limits of passkeys have a highest value', () => {
  const env = { ...CHEAP_ENOUGH_FOR_TESTS, THROTTLE_ADDRESS_PASSKEY_CHALLENGES: '1000001' };
  expect(() => loadConfig(env)).toThrow('THROTTLE_ADDRESS_PASSKEY_CHALLENGES');
});
