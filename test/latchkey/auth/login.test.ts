import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { HashingProcess } from '../../../src/latchkey/users/passwords/hashing/hashing-process.js';
import { PASSWORD, type SignedIn, signIn, signUp, uniqueEmail } from '../../builders/accounts.js';
import { COOKIE, cookieOf } from '../../builders/browsers.js';
import { findSession, refresh } from '../../builders/sessions.js';
import { invalid, refusalOf, refused } from '../../support/refusal.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

describe('signing in', () => {
  let app: TestApp & AsyncDisposable;
  let ada: SignedIn;
  beforeAll(async () => {
    app = await startTestApp();
    ada = await signUp(app);
  });
  afterAll(async () => app[Symbol.asyncDispose]());

  const login = (body: object) => app.api.post('/auth/login', body);
  const credentials = () => ({ email: ada.email, password: PASSWORD });

  it('gives both tokens in the body to a client that asks for that', async () => {
    const answer = await login({ ...credentials(), delivery: 'body' });

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      tokenType: 'Bearer',
      expiresIn: 900,
      sessionId: expect.any(String),
      refreshToken: expect.stringMatching(/^lkr_[\w-]{70}$/),
      refreshExpiresIn: 604_800,
      acr: 'aal1',
      withheld: [],
      user: expect.objectContaining({ id: ada.userId, email: ada.email }),
    });
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('gives the refresh token by cookie to everybody else', async () => {
    const answer = await login(credentials());

    expect(answer.status).toBe(200);
    expect(answer.body).not.toHaveProperty('refreshToken');
    expect(cookieOf(answer)?.value).toMatch(/^lkr_/);
  });

  it('gives an access token that is accepted at once', async () => {
    const { body } = await login(credentials());

    expect(await app.api.get('/auth/me', { token: body.accessToken })).toMatchObject({
      status: 200,
      body: { userId: ada.userId, sessionId: body.sessionId },
    });
  });

  it('does not mind how the address is spelt', async () => {
    const { status, body } = await login({ ...credentials(), email: ada.email.toUpperCase() });

    expect([status, body.user.id]).toEqual([200, ada.userId]);
  });

  it.each([
    ['a wrong password', () => ({ email: ada.email, password: `${PASSWORD}.` })],
    [
      'the password in other letters',
      () => ({ email: ada.email, password: PASSWORD.toUpperCase() }),
    ],
    [
      'the password with a space at its end',
      () => ({ email: ada.email, password: `${PASSWORD} ` }),
    ],
    ['an unknown address', () => ({ email: uniqueEmail(), password: PASSWORD })],
  ])('refuses %s', async (_what, body) => {
    const answer = await login(body());

    expect(refusalOf(answer)).toEqual(refused(401, 'auth.invalid_credentials'));
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it.each<[string, object, string[]]>([
    ['nothing', {}, ['email', 'password']],
    ['numbers', { email: 1, password: 2 }, ['email', 'password']],
    ['lists', { email: ['a@b.c'], password: [PASSWORD] }, ['email', 'password']],
    ['objects', { email: { $gt: '' }, password: { $gt: '' } }, ['email', 'password']],
    ['null', { email: null, password: null }, ['email', 'password']],
    ['an unknown delivery', { email: 'a@b.cd', password: PASSWORD, delivery: 'fax' }, ['delivery']],
    [
      'a refresh token to go on with',
      { email: 'a@b.cd', password: PASSWORD, refreshToken: 'lkr_' },
      ['refreshToken'],
    ],
    ['a session id', { email: 'a@b.cd', password: PASSWORD, sessionId: '1' }, ['sessionId']],
  ])('refuses %s and names the fields', async (_what, body, named) => {
    expect(refusalOf(await login(body))).toEqual(invalid(...named));
  });

  describe('over a session that is presented', () => {
    it('starts another one and leaves the presented one as it is', async () => {
      const before = await signIn(app.api, ada.email);

      const answer = await app.api.post('/auth/login', credentials(), {
        cookie: `${COOKIE}=${before.refreshToken}`,
        token: before.accessToken,
      });

      expect(answer.body.sessionId).not.toBe(before.sessionId);
      expect(cookieOf(answer)?.value).not.toBe(before.refreshToken);
      expect(await findSession(app.stores, before.sessionId)).toMatchObject({
        generation: 0,
        endReason: null,
      });
      expect((await refresh(app.api, before.refreshToken)).body.sessionId).toBe(before.sessionId);
    });

    it('does not adopt a session that somebody else planted', async () => {
      const planted = await signUp(app);

      const answer = await app.api.post('/auth/login', credentials(), {
        cookie: `${COOKIE}=${planted.refreshToken}`,
      });

      expect(answer.body).toMatchObject({ user: { id: ada.userId } });
      expect(answer.body.sessionId).not.toBe(planted.sessionId);
      const [row] = await app.stores.query('SELECT user_id FROM sessions WHERE id = $1', [
        planted.sessionId,
      ]);
      expect(row).toEqual({ user_id: planted.userId });
    });
  });
});

it('by password is off where people sign in otherwise: nothing is hashed, nothing counted', async () => {
  await using closed = await startTestApp({ PASSWORD_SIGN_IN: 'off', THROTTLING: 'on' });
  const { email } = await registered(closed);
  const hashing = vi.spyOn(closed.nest.get(HashingProcess, { strict: false }), 'run');
  for (const password of [PASSWORD, 'wrong horse battery staple', undefined]) {
    const answer = await closed.api.post('/auth/login', { email, password });
    expect(refusalOf(answer)).toEqual(refused(403, 'auth.password_sign_in_off'));
    expect(answer.headers.get('set-cookie')).toBeNull();
  }
  expect(hashing).not.toHaveBeenCalled();
});

async function registered({ api }: Pick<TestApp, 'api'>) {
  const email = uniqueEmail();
  expect((await api.post('/auth/register', { email, password: PASSWORD })).status).toBe(201);
  return { email };
}
