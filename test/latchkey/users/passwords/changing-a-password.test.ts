import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IS_LIVE_SQL } from '../../../../src/latchkey/tokens/sessions/store/session-sql.js';
import { PASSWORD, type SignedIn, signIn, signUp } from '../../../builders/accounts.js';
import { COOKIE, cookieHeaderOf, signInByCookie } from '../../../builders/browsers.js';
import { rotate } from '../../../builders/sessions.js';
import { invalid, refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp } from '../../../support/test-app.js';
import { repeated } from '../../../support/test-depth.js';

const ROUNDS = repeated({ quick: 4, full: 15 });

let app: Awaited<ReturnType<typeof startTestApp>>;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const NEW_PASSWORD = 'seven green kites above the hill';
const change = (by: SignedIn, currentPassword: string, newPassword = NEW_PASSWORD) =>
  app.api.post(
    '/auth/password/change',
    { currentPassword, newPassword, delivery: 'body' },
    { token: by.accessToken },
  );
const login = (email: string, password: string) =>
  app.api.post('/auth/login', { email, password, delivery: 'body' });
const statusOf = async ({ accessToken }: Pick<SignedIn, 'accessToken'>) =>
  (await app.api.get('/auth/me', { token: accessToken })).status;

it('the new password signs in from now on, and the old one no more', async () => {
  const user = await signUp(app);
  const answer = await change(user, PASSWORD);
  expect(answer.status).toBe(200);
  expect((await login(user.email, PASSWORD)).status).toBe(401);
  expect((await login(user.email, NEW_PASSWORD)).status).toBe(200);
});

it('every session of the user ends, and nobody else’s', async () => {
  const user = await signUp(app);
  const others = [await signIn(app.api, user.email), await signIn(app.api, user.email)];
  const stranger = await signUp(app);
  const { status, body } = await change(user, PASSWORD);
  expect(status).toBe(200);
  for (const other of [user, ...others]) {
    const me = await app.api.get('/auth/me', { token: other.accessToken });
    expect(refusalOf(me)).toEqual(refused(401, 'access.token_revoked'));
    const { refreshToken } = other;
    const refresh = await app.api.post('/auth/refresh', { refreshToken });
    expect(refusalOf(refresh)).toEqual(refused(401, 'auth.session_revoked'));
  }
  expect([await statusOf(body), await statusOf(stranger)]).toEqual([200, 200]);
});

it('the caller goes on in a new session, which is a sign-in by password', async () => {
  const user = await signUp(app);

  const { body, headers } = await change(user, PASSWORD);

  expect(headers.get('cache-control')).toBe('no-store');
  expect(body).toMatchObject({ tokenType: 'Bearer', user: { id: user.userId } });
  expect(body.sessionId).not.toBe(user.sessionId);
  const me = await app.api.get('/auth/me', { token: body.accessToken });
  expect(me.body).toMatchObject({ userId: user.userId, sessionId: body.sessionId });
  expect(await rotate(app.api, body.refreshToken, 3)).toHaveLength(3);
  const [started] = await app.stores.query(
    `SELECT details FROM audit_events WHERE action = 'session.started' AND target_id = $1`,
    [body.sessionId],
  );
  expect(started).toEqual({ details: { methods: ['pwd'], acr: 'aal1' } });
});

it('a browser’s session gives way to a new one in the same cookie, and the body holds no token of it', async () => {
  const user = await signUp(app);
  const before = await signInByCookie(app.api, user.email);
  const answer = await app.api.post(
    '/auth/password/change',
    { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
    { token: before.body.accessToken, cookie: cookieHeaderOf(before, COOKIE) },
  );
  expect(answer.status).toBe(200);
  expect(answer.body).not.toHaveProperty('refreshToken');
  const cookie = cookieHeaderOf(answer, COOKIE);
  expect(cookie).not.toBe(cookieHeaderOf(before, COOKIE));
  expect((await app.api.post('/auth/refresh', undefined, { cookie })).body).toMatchObject({
    sessionId: answer.body.sessionId,
  });
});

it('no other site has its cookie set by it', async () => {
  const { accessToken: token, email } = await signUp(app);
  const answer = await app.api.post(
    '/auth/password/change',
    { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
    { token, headers: { Origin: 'https://evil.example' } },
  );
  expect(refusalOf(answer)).toEqual(refused(403, 'auth.cross_site'));
  expect((await login(email, PASSWORD)).status).toBe(200);
});

it('a thief who refreshed within the grace after the owner is left with nothing', async () => {
  const user = await signUp(app);
  const owner = await app.api.post('/auth/refresh', { refreshToken: user.refreshToken });
  const thief = await app.api.post('/auth/refresh', { refreshToken: user.refreshToken });
  expect(thief.body.refreshToken).toBe(owner.body.refreshToken);

  const { status, body } = await change({ ...user, ...owner.body }, PASSWORD);

  expect(status).toBe(200);
  expect(await statusOf(thief.body)).toBe(401);
  for (const { refreshToken } of [user, thief.body]) {
    const refreshed = await app.api.post('/auth/refresh', { refreshToken });
    expect(refusalOf(refreshed)).toEqual(refused(401, 'auth.session_revoked'));
  }
  expect(await statusOf(body)).toBe(200);
});

describe('nothing changes', () => {
  it('without a signed-in caller', async () => {
    const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    const answer = await app.api.post('/auth/password/change', body);
    expect(refusalOf(answer)).toEqual(refused(401, 'access.unauthenticated'));
  });

  it('without the current password', async () => {
    const user = await signUp(app);
    const other = await signIn(app.api, user.email);
    const wrong = await change(user, `${PASSWORD} `);
    expect(refusalOf(wrong)).toEqual(refused(401, 'auth.invalid_credentials'));
    const none = await app.api.post(
      '/auth/password/change',
      { newPassword: NEW_PASSWORD },
      { token: user.accessToken },
    );
    expect(refusalOf(none)).toEqual(invalid('currentPassword'));
    expect((await login(user.email, PASSWORD)).status).toBe(200);
    expect([await statusOf(user), await statusOf(other)]).toEqual([200, 200]);
  });

  it('by somebody else’s current password, nor to somebody else', async () => {
    const user = await signUp(app);
    const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD, userId: user.userId };
    const as = { token: (await signUp(app)).accessToken };
    expect(refusalOf(await app.api.post('/auth/password/change', body, as))).toEqual(
      invalid('userId'),
    );
  });

  it('on an account that has no password', async () => {
    const user = await signUp(app);
    await app.stores.query('UPDATE users SET password_hash = NULL WHERE id = $1', [user.userId]);
    const answer = await change(user, PASSWORD);
    expect(refusalOf(answer)).toEqual(refused(401, 'auth.invalid_credentials'));
  });
});

it('of ten changes at once one succeeds, and its password is the one that signs in', async () => {
  const user = await signUp(app);
  const passwords = Array.from({ length: 10 }, (_, turn) => `${NEW_PASSWORD} ${turn}`);
  const answers = await Promise.all(passwords.map((password) => change(user, PASSWORD, password)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(401)]);
  const winner = answers.findIndex(({ status }) => status === 200);
  const logins = await Promise.all(passwords.map((password) => login(user.email, password)));
  expect(logins.findIndex(({ status }) => status === 200)).toBe(winner);
  expect(logins.filter(({ status }) => status === 200)).toHaveLength(1);
});

it('a sign-in with the old password at the same moment leaves no session behind', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const user = await signUp(app);
    const [changed, ...logins] = await Promise.all([
      change(user, PASSWORD),
      ...Array.from({ length: 4 }, () => login(user.email, PASSWORD)),
    ]);
    expect(changed.status).toBe(200);
    for (const { status, body } of logins) {
      expect([200, 401]).toContain(status);
      if (status !== 200) continue;
      const me = await app.api.get('/auth/me', { token: body.accessToken });
      expect(me.status).toBe(401);
    }
    const live = await app.stores.query<{ id: string }>(
      `SELECT id FROM sessions AS session WHERE user_id = $1 AND ${IS_LIVE_SQL}`,
      [user.userId],
    );
    expect(live).toEqual([{ id: changed.body.sessionId }]);
  }
});
