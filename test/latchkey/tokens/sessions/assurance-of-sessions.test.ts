import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUp, signUpAdmin } from '../../../builders/accounts.js';
import { createClient, postForm } from '../../../builders/clients.js';
import { age, refresh } from '../../../builders/sessions.js';
import { showFactors, TEST_KEY, TEST_TOTP } from '../../../builders/shown-factors.js';
import { startTestApp, TestApp } from '../../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => app[Symbol.asyncDispose]());

const claimsOf = (token: string) => {
  const { acr, amr, auth_time: authTime } = decodeJwt<{ auth_time: number }>(token);
  return { acr, amr, secondsAgo: Math.round(Date.now() / 1000 - authTime) };
};

describe('a sign-in by password', () => {
  it('is aal1 by one factor, of now: in the token, the answer, /auth/me and the list', async () => {
    const { accessToken, sessionId } = await signUp(app);
    expect(claimsOf(accessToken)).toMatchObject({ acr: 'aal1', amr: ['pwd'] });
    const me = await app.api.get('/auth/me', { token: accessToken });
    const list = await app.api.get('/auth/sessions', { token: accessToken });
    for (const { acr, amr, authTime } of [me.body, list.body.items[0]]) {
      expect({ acr, amr }).toEqual({ acr: 'aal1', amr: ['pwd'] });
      expect(Date.now() - Date.parse(authTime)).toBeLessThan(60_000);
    }
    const [event] = await app.stores.query(
      `SELECT details FROM audit_events WHERE action = 'session.started' AND target_id = $1`,
      [sessionId],
    );
    expect(event?.details).toEqual({ methods: ['pwd'], acr: 'aal1' });
  });

  it('ages: no refresh and no restart makes it fresher, or more than it was', async () => {
    const { sessionId, refreshToken } = await signUp(app);
    await age(app.stores, sessionId, 7_200);
    const first = await refresh(app.api, refreshToken);
    const other = await TestApp.start({ stores: app.stores });
    const second = await refresh(other.api, first.body.refreshToken);
    await other.stop();
    for (const { body } of [first, second]) {
      const { acr, secondsAgo } = claimsOf(body.accessToken);
      expect([body.acr, acr]).toEqual(['aal1', 'aal1']);
      expect(secondsAgo).toBeGreaterThanOrEqual(7_200);
    }
  });
});

it('a session that began before factors were kept counts as signed in by password at its start', async () => {
  const { sessionId, refreshToken } = await signUp(app);
  await age(app.stores, sessionId, 7_200);
  await app.stores.query('UPDATE sessions SET factors = NULL WHERE id = $1', [sessionId]);
  const { body } = await refresh(app.api, refreshToken);
  const claims = claimsOf(body.accessToken);
  expect(claims).toMatchObject({ acr: 'aal1', amr: ['pwd'] });
  expect(claims.secondsAgo).toBeGreaterThanOrEqual(7_200);
});

describe('a session of two factors', () => {
  it.each([
    ['aal2', { password: 90, [TEST_TOTP.name]: 60 }, ['pwd', 'otp', 'mfa'], 60],
    ['aal2', { password: 0, [TEST_TOTP.name]: 60 }, ['otp', 'pwd', 'mfa'], 60],
    ['phr', { [TEST_KEY.name]: 30 }, ['hwk', 'user', 'mfa'], 30],
    ['phr', { password: 0, [TEST_KEY.name]: 30 }, ['hwk', 'user', 'pwd', 'mfa'], 30],
  ])(
    'is %s, and as old as the factor that its level rests on',
    async (acr, shown, amr, seconds) => {
      const { sessionId, refreshToken } = await signUp(app);
      await showFactors(app.stores, sessionId, shown);
      const { body } = await refresh(app.api, refreshToken);
      const claims = claimsOf(body.accessToken);
      expect(claims).toMatchObject({ acr, amr });
      expect(claims.secondsAgo).toBeGreaterThanOrEqual(seconds);
      expect(claims.secondsAgo).toBeLessThan(seconds + 20);
    },
  );

  it('is seen by introspection, of either token, and by administrators', async () => {
    const admin = await signUpAdmin(app);
    const { sessionId, refreshToken, userId } = await signUp(app);
    await showFactors(app.stores, sessionId, { password: 0, [TEST_TOTP.name]: 0 });
    const { body } = await refresh(app.api, refreshToken);
    const client = await createClient(app.api, admin);
    for (const [token, hint] of [
      [body.accessToken, 'access_token'],
      [body.refreshToken, 'refresh_token'],
    ]) {
      const form = { token, token_type_hint: hint };
      const answer = await postForm(app.api, '/oauth/introspect', form, client);
      expect(answer.body).toMatchObject({ active: true, acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] });
    }
    const { body: found } = await app.api.get(`/admin/sessions?userId=${userId}`, {
      token: admin.accessToken,
    });
    expect(found.items[0]).toMatchObject({ acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] });
  });
});
