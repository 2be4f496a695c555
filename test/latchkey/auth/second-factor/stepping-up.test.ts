import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Revocations } from '../../../../src/latchkey/tokens/revocation/revocations.js';
import { SessionFactors } from '../../../../src/latchkey/tokens/sessions/session-factors.js';
import { PASSWORD, type SignedIn, signUp, signUpAdmin } from '../../../builders/accounts.js';
import { clientToken, createClient } from '../../../builders/clients.js';
import { createTestCodes, giveCodes, WithSecondFactors } from '../../../builders/second-factors.js';
import { age, refresh } from '../../../builders/sessions.js';
import { TEST_TOTP } from '../../../builders/shown-factors.js';
import { invalid, refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp, TestApp } from '../../../support/test-app.js';

const PARALLEL = 50;

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp({}, { module: WithSecondFactors });
  await createTestCodes(app.stores);
});
afterAll(async () => app[Symbol.asyncDispose]());

const stepUp = (
  { accessToken }: Pick<SignedIn, 'accessToken'>,
  body: object,
  { api } = app as TestApp,
) => api.post('/auth/step-up', body, { token: accessToken });
const byPassword = { method: 'password', password: PASSWORD };
const byCode = (code: string) => ({ method: 'test_totp', code });

/** A session of two hours ago, and its access token of now. */
async function oldSession(): Promise<SignedIn> {
  const user = await signUp(app);
  await age(app.stores, user.sessionId, 7_200);
  const { accessToken, refreshToken } = (await refresh(app.api, user.refreshToken)).body;
  return { ...user, accessToken, refreshToken };
}

const ageOf = (token: string) => Date.now() / 1000 - Number(decodeJwt(token).auth_time);

describe('a password that is shown again', () => {
  it('makes the sign-in fresh in the same session, over refreshes too', async () => {
    const user = await oldSession();
    expect(ageOf(user.accessToken)).toBeGreaterThan(7_000);
    const { status, body } = await stepUp(user, byPassword);
    expect([status, Object.keys(body).sort()]).toEqual([
      200,
      ['accessToken', 'expiresIn', 'tokenType'],
    ]);
    expect(decodeJwt(body.accessToken)).toMatchObject({ sid: user.sessionId, acr: 'aal1' });
    const refreshed = await refresh(app.api, user.refreshToken);
    for (const token of [body.accessToken, refreshed.body.accessToken]) {
      expect(ageOf(token)).toBeLessThan(60);
    }
    const [event] = await app.stores.query(
      `SELECT details FROM audit_events WHERE action = 'session.stepped_up' AND target_id = $1`,
      [user.sessionId],
    );
    expect(event?.details).toEqual({ method: 'password', acr: 'aal1' });
  });

  it.each([
    ['wrong', { method: 'password', password: 'wrong horse battery staple' }],
    ['missing', { method: 'password' }],
  ])('does nothing when it is %s, and is put on record', async (_, body) => {
    const user = await oldSession();
    expect(refusalOf(await stepUp(user, body))).toEqual(refused(401, 'auth.invalid_credentials'));
    const refreshed = await refresh(app.api, user.refreshToken);
    expect(ageOf(refreshed.body.accessToken)).toBeGreaterThan(7_000);
    const [event] = await app.stores.query(
      `SELECT reason FROM audit_events WHERE action = 'session.stepped_up' AND target_id = $1`,
      [user.sessionId],
    );
    expect(event?.reason).toBe('wrong_password');
  });

  it('by the thief of a token is guessed in vain: wrong ones are counted with those at the change', async () => {
    const throttled = await TestApp.start({
      stores: app.stores,
      module: WithSecondFactors,
      env: { THROTTLING: 'on' },
    });
    const user = await signUp(app);
    const codes: (string | undefined)[] = [];
    for (let guess = 0; guess < 20; guess++) {
      const body = { method: 'password', password: `wrong horse battery ${guess}` };
      codes.push(refusalOf(await stepUp(user, body, throttled)).code);
    }
    expect(codes[0]).toBe('auth.invalid_credentials');
    expect(codes.at(-1)).toBe('throttle.too_many_requests');
    const change = { currentPassword: PASSWORD, newPassword: 'a crooked mile on a rainy day' };
    const { status } = await throttled.api.post('/auth/password/change', change, {
      token: user.accessToken,
    });
    expect(status).toBe(429);
    await throttled.stop();
  });
});

describe('a second factor that is shown in a session of a password', () => {
  it('raises it to aal2, and what it was before goes on being good', async () => {
    const user = await signUp(app);
    await giveCodes(app.stores, user.userId, 'test_totp', '111111');
    const { body } = await stepUp(user, byCode('111111'));
    expect(decodeJwt(body.accessToken)).toMatchObject({ acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] });
    expect((await app.api.get('/auth/me', { token: user.accessToken })).body.acr).toBe('aal1');
    expect((await refresh(app.api, user.refreshToken)).body.acr).toBe('aal2');
  });

  it(`is good for one of ${PARALLEL} at once`, async () => {
    const user = await signUp(app);
    await giveCodes(app.stores, user.userId, 'test_totp', '111111');
    const statuses = await Promise.all(
      Array.from({ length: PARALLEL }, async () => (await stepUp(user, byCode('111111'))).status),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 401)).toHaveLength(PARALLEL - 1);
  });

  it('and is removed lets it fall back at once, here and after a refresh; nobody is signed out', async () => {
    const user = await signUp(app);
    await giveCodes(app.stores, user.userId, 'test_totp', '111111');
    const { accessToken } = (await stepUp(user, byCode('111111'))).body;
    const factors = app.nest.get(SessionFactors, { strict: false });
    await app.nest
      .get(Revocations, { strict: false })
      .commit((transaction) => factors.withdraw(transaction, user.userId, TEST_TOTP));
    const answer = await app.api.get('/auth/me', { token: accessToken });
    expect(refusalOf(answer)).toEqual(refused(401, 'access.token_stale'));
    expect((await refresh(app.api, user.refreshToken)).body.acr).toBe('aal1');
  });

  it('is needed to change the password: a stolen one does not', async () => {
    const user = await signUp(app);
    await giveCodes(app.stores, user.userId, 'test_totp', '111111');
    const body = {
      currentPassword: PASSWORD,
      newPassword: 'a crooked mile on a rainy day',
      delivery: 'body',
    };
    const change = (token: string) => app.api.post('/auth/password/change', body, { token });
    const refusal = await change(user.accessToken);
    expect(refusalOf(refusal)).toEqual(refused(401, 'auth.fresh_sign_in_required'));
    expect(refusal.headers.get('www-authenticate')).toContain('acr_values="aal2"');
    const { accessToken } = (await stepUp(user, byCode('111111'))).body;
    const changed = await change(accessToken);
    // What has been shown besides the password goes over to the new session.
    expect([changed.status, changed.body.acr]).toEqual([200, 'aal2']);
  });
});

it('a session that has ended is not raised', async () => {
  const user = await signUp(app);
  await app.api.post('/auth/logout', { refreshToken: user.refreshToken });
  const answer = await stepUp(user, byPassword);
  expect(refusalOf(answer)).toEqual(refused(401, 'access.token_revoked'));
});

it('a service has no factor to show', async () => {
  const admin = await signUpAdmin(app);
  const accessToken = await clientToken(app.api, await createClient(app.api, admin));
  const answer = await stepUp({ accessToken }, byPassword);
  expect(refusalOf(answer)).toEqual(refused(403, 'access.forbidden'));
});

it.each([
  ['no method', {}, ['method']],
  ['a method that is no word', { method: '../totp' }, ['method']],
  ['a credential that is a text', { method: 'passkey', credential: 'x' }, ['credential']],
])('refuses %s', async (_, body, fields) => {
  expect(refusalOf(await stepUp(await signUp(app), body))).toEqual(invalid(...fields));
});
