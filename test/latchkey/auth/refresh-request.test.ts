import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUp } from '../../builders/accounts.js';
import { COOKIE, cookieOf, signInByCookie } from '../../builders/browsers.js';
import { refresh } from '../../builders/sessions.js';
import { invalid, refusalOf, refused } from '../../support/refusal.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

describe('asking for a refresh', () => {
  let app: TestApp & AsyncDisposable;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(async () => app[Symbol.asyncDispose]());

  it('by the body is answered like a sign-in with body delivery', async () => {
    const { userId, email, sessionId, refreshToken } = await signUp(app);

    const answer = await refresh(app.api, refreshToken);

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      tokenType: 'Bearer',
      expiresIn: 900,
      sessionId,
      refreshToken: expect.stringMatching(/^lkr_[\w-]{70}$/),
      refreshExpiresIn: expect.any(Number),
      acr: 'aal1',
      withheld: [],
      user: expect.objectContaining({ id: userId, email }),
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('by the cookie is tolerated like any other when it is sent twice', async () => {
    const { email } = await signUp(app);
    const cookie = `${COOKIE}=${cookieOf(await signInByCookie(app.api, email))?.value}`;

    const [first, second] = await Promise.all([
      app.api.post('/auth/refresh', undefined, { cookie }),
      app.api.post('/auth/refresh', undefined, { cookie }),
    ]);

    expect([first.status, second.status]).toEqual([200, 200]);
    expect(cookieOf(first)?.value).toBe(cookieOf(second)?.value);
  });

  it('needs no access token, and does not mind one that is over', async () => {
    const { refreshToken } = await signUp(app);

    expect((await refresh(app.api, refreshToken, { token: 'an.old.one' })).status).toBe(200);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['an empty object', {}],
  ])('with %s is refused', async (_what, body) => {
    const answer = await app.api.post('/auth/refresh', body);

    expect(refusalOf(answer)).toEqual(refused(401, 'auth.refresh_invalid'));
  });

  it.each<[string, object, string]>([
    ['a number', { refreshToken: 7 }, 'refreshToken'],
    ['a list', { refreshToken: ['lkr_'] }, 'refreshToken'],
    ['an object', { refreshToken: { $ne: null } }, 'refreshToken'],
    ['an empty token', { refreshToken: '' }, 'refreshToken'],
    ['a token of five kilobytes', { refreshToken: 'x'.repeat(5000) }, 'refreshToken'],
    ['a field it does not know', { token: 'lkr_' }, 'token'],
  ])('with %s is refused and the field named', async (_what, body, field) => {
    expect(refusalOf(await app.api.post('/auth/refresh', body))).toEqual(invalid(field));
  });

  it('with a token in the address does not count', async () => {
    const { refreshToken } = await signUp(app);

    const answer = await app.api.post(`/auth/refresh?refreshToken=${refreshToken}`);

    expect(refusalOf(answer)).toEqual(refused(401, 'auth.refresh_invalid'));
  });
});
