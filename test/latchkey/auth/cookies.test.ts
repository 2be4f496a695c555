import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/latchkey/platform/config/load-config.js';
import { PASSWORD, signUp } from '../../builders/accounts.js';
import { COOKIE, cookieOf, signInByCookie } from '../../builders/browsers.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';

const TOKEN = /^lkr_[A-Za-z0-9_-]+$/;
const ATTRIBUTES = ['HttpOnly', 'Path=/', 'SameSite=Strict', 'Secure'];
const CLEARED = {
  name: COOKIE,
  value: '',
  attributes: ['Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'Max-Age=0', ...ATTRIBUTES].sort(),
};
const BODY = [
  'accessToken',
  'acr',
  'expiresIn',
  'refreshExpiresIn',
  'sessionId',
  'tokenType',
  'user',
  'withheld',
];

let app: Awaited<ReturnType<typeof startTestApp>>;
let email: string;

beforeAll(async () => {
  app = await startTestApp({ SESSION_IDLE_TTL_SECONDS: '3600' });
  ({ email } = await signUp(app));
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

const login = (delivery?: unknown) =>
  app.api.post('/auth/login', { email, password: PASSWORD, delivery });
const refresh = (refreshToken = '') =>
  app.api.post('/auth/refresh', undefined, { cookie: `${COOKIE}=${refreshToken}` });

describe('cookie delivery', () => {
  it.each([undefined, 'cookie'])('is what a sign-in with delivery %s gets', async (delivery) => {
    const answer = await login(delivery);
    expect(answer.status).toBe(200);
    expect(cookieOf(answer)).toEqual({
      name: COOKIE,
      value: expect.stringMatching(TOKEN),
      attributes: ['Max-Age=3600', ...ATTRIBUTES].sort(),
    });
    expect(answer.body.refreshExpiresIn).toBe(3600);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('keeps the refresh token out of the body and of every other header', async () => {
    const signedIn = await login();
    const refreshed = await refresh(cookieOf(signedIn)?.value);
    for (const answer of [signedIn, refreshed]) {
      const token = cookieOf(answer)?.value ?? '';
      expect(token).toMatch(TOKEN);
      expect(Object.keys(answer.body).sort()).toEqual(BODY);
      const rest = [...answer.headers].filter(([name]) => name !== 'set-cookie');
      for (const text of [answer.text, JSON.stringify(rest)]) {
        expect(text).not.toContain('lkr_');
        expect(text).not.toContain(token.slice(-20));
      }
    }
  });

  it('goes on when a browser refreshes', async () => {
    const before = cookieOf(await login());
    const answer = await refresh(before?.value);
    const after = cookieOf(answer);
    expect(answer.status).toBe(200);
    expect(after).toMatchObject({ name: COOKIE, value: expect.stringMatching(TOKEN) });
    expect(after?.value).not.toBe(before?.value);
    expect(after?.attributes).toEqual(['Max-Age=3600', ...ATTRIBUTES].sort());
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('ends with the session: signing out clears the cookie, however often', async () => {
    const cookie = `${COOKIE}=${cookieOf(await login())?.value}`;
    for (const _ of [1, 2]) {
      const answer = await app.api.post('/auth/logout', undefined, { cookie });
      expect(answer.status).toBe(204);
      expect(cookieOf(answer)).toEqual(CLEARED);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
    expect(refusalOf(await app.api.post('/auth/refresh', undefined, { cookie }))).toEqual(
      refused(401, 'auth.session_revoked'),
    );
  });

  it('ends with all sessions: signing out everywhere clears the cookie', async () => {
    const { accessToken: token } = await signUp(app);
    const answer = await app.api.post('/auth/logout-all', undefined, { token });
    expect(answer.status).toBe(200);
    expect(cookieOf(answer)).toEqual(CLEARED);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });
});

describe('body delivery', () => {
  it('sets no cookie at sign-in nor at refresh', async () => {
    const signedIn = await login('body');
    const refreshed = await app.api.post('/auth/refresh', {
      refreshToken: signedIn.body.refreshToken,
    });
    for (const answer of [signedIn, refreshed]) {
      expect(answer.status).toBe(200);
      expect(cookieOf(answer)).toBeNull();
      expect(Object.keys(answer.body).sort()).toEqual([...BODY, 'refreshToken'].sort());
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
  });

  it('is answered in the body even when a cookie comes along', async () => {
    const browser = cookieOf(await login());
    const { refreshToken, sessionId } = (await login('body')).body;
    const cookie = `${COOKIE}=${browser?.value}`;
    const answer = await app.api.post('/auth/refresh', { refreshToken }, { cookie });
    expect(answer.body.sessionId).toBe(sessionId);
    expect(answer.body.refreshToken).toMatch(TOKEN);
    expect(cookieOf(answer)).toBeNull();
  });
});

it.each(['Cookie', 'both', '', null, 1, ['cookie']])(
  'refuses the delivery %j and starts no session',
  async (delivery) => {
    const count = async () => {
      const [row] = await app.stores.query('SELECT count(*)::int AS sessions FROM sessions');
      return row?.sessions;
    };
    const before = await count();
    const answer = await login(delivery);
    expect(answer.status).toBe(400);
    expect(refusalOf(answer).fields).toEqual(['delivery']);
    expect(cookieOf(answer)).toBeNull();
    expect(await count()).toBe(before);
  },
);

it.each(['latchkey', '__host-latchkey', '__Secure-latchkey', '__Host-Latchkey', 'refreshToken'])(
  'does not look for its token in a cookie named %s',
  async (name) => {
    const cookie = `${name}=${cookieOf(await login())?.value}`;
    const answer = await app.api.post('/auth/refresh', undefined, { cookie });
    expect(refusalOf(answer)).toEqual(refused(401, 'auth.refresh_invalid'));
  },
);

it('sets no cookie with an answer that is an error', async () => {
  const wrong = await signInByCookie(app.api, `not-${email}`);
  const forged = await refresh('lkr_nonsense');
  for (const answer of [wrong, forged]) {
    expect(answer.status).toBe(401);
    expect(cookieOf(answer)).toBeNull();
  }
});

describe('COOKIE_INSECURE', () => {
  it('drops Secure and the prefix that promises it, and nothing else', async () => {
    await using insecure = await startTestApp({ COOKIE_INSECURE: 'true' });
    const account = await signUp(insecure);
    const set = cookieOf(await signInByCookie(insecure.api, account.email));
    const attributes = ['HttpOnly', 'Max-Age=604800', 'Path=/', 'SameSite=Strict'];
    expect(set).toEqual({ name: 'latchkey', value: expect.stringMatching(TOKEN), attributes });

    const cookie = `latchkey=${set?.value}`;
    const refreshed = await insecure.api.post('/auth/refresh', undefined, { cookie });
    expect(cookieOf(refreshed)?.name).toBe('latchkey');
    const signedOut = await insecure.api.post('/auth/logout', undefined, { cookie });
    expect(cookieOf(signedOut)).toMatchObject({ name: 'latchkey', value: '' });
  });

  it('is refused in production', () => {
    const start = (environment: string) =>
      loadConfig({
        NODE_ENV: environment,
        JWT_ISSUER: 'https://auth.example.com',
        APP_SECRETS: 'YkE1v3d0mXh7Qz9sLrT2uWcPfGnBjK4o6aHiNeRtVyUq',
        COOKIE_INSECURE: 'true',
      });
    expect(() => start('production')).toThrow('COOKIE_INSECURE must not be true in production');
    expect(() => start('development')).not.toThrow();
  });
});
