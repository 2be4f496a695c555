import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf, forge } from '../../builders/access-tokens.js';
import { PASSWORD, type SignedIn, signIn, signUp, signUpAdmin } from '../../builders/accounts.js';
import type { Answer } from '../../support/api-client.js';
import { sendRaw } from '../../support/raw-http.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';

const NO_CREDENTIALS = { ...refused(401, 'access.unauthenticated'), challenge: 'Bearer' };
const BAD_TOKEN = 'Bearer error="invalid_token"';

let app: Awaited<ReturnType<typeof startTestApp>>;
let caller: SignedIn;

beforeAll(async () => {
  app = await startTestApp();
  caller = await signUp(app);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

const refusalAndChallenge = (answer: Answer) => ({
  ...refusalOf(answer),
  challenge: answer.headers.get('www-authenticate'),
});
const presentHeader = (authorization: string) =>
  sendRaw(app.origin, 'GET /auth/me', { Authorization: authorization });

describe('the Authorization header', () => {
  it.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])('takes the scheme as %s', async (scheme) => {
    const answer = await presentHeader(`${scheme} ${caller.accessToken}`);
    expect(answer.status).toBe(200);
  });

  it.each([1, 2, 9, 1_000])('takes %i spaces before the token', async (count) => {
    const answer = await presentHeader(`Bearer${' '.repeat(count)}${caller.accessToken}`);
    expect(answer.status).toBe(200);
  });

  it.each([
    ['a tab', (token: string) => `Bearer \t${token}`],
    ['a no-break space', (token: string) => `Bearer \u00a0${token}`],
    ['two tokens', (token: string) => `Bearer ${token} ${token}`],
    ['the scheme twice', (token: string) => `Bearer Bearer ${token}`],
    ['a comma', (token: string) => `Bearer ,${token}`],
    ['quotation marks', (token: string) => `Bearer "${token}"`],
  ])('with %s in it holds no good token', async (_, written) => {
    const answer = await presentHeader(written(caller.accessToken));
    expect(refusalAndChallenge(answer)).toEqual({
      ...refused(401, 'access.token_invalid'),
      challenge: BAD_TOKEN,
    });
  });

  it.each([
    '',
    'Bearer',
    'Bearer ',
    `Bearer${' '.repeat(20)}`,
    'Bearer\t',
    'Basic YWRtaW46YWRtaW4=',
    'Digest username="admin"',
    'Negotiate',
    'Bearertoken',
  ])('with "%s" brings no credentials', async (authorization) => {
    expect(refusalAndChallenge(await presentHeader(authorization))).toEqual(NO_CREDENTIALS);
  });

  it.each(['Token', 'JWT', 'Basic', 'BearerX', 'DPoP'])(
    'with a good token under the scheme %s brings no credentials',
    async (scheme) => {
      const answer = await presentHeader(`${scheme} ${caller.accessToken}`);
      expect(refusalAndChallenge(answer)).toEqual(NO_CREDENTIALS);
    },
  );

  it.each([
    ['with the same token', (bearer: string) => ({ Authorization: [bearer, bearer] })],
    ['with another one', (bearer: string) => ({ Authorization: [bearer, 'Bearer other'] })],
    ['with nothing', (bearer: string) => ({ Authorization: [bearer, ''] })],
    ['by another scheme', (bearer: string) => ({ Authorization: [bearer, 'Basic YTpi'] })],
    ['in another case', (bearer: string) => ({ Authorization: bearer, AUTHORIZATION: bearer })],
  ])('sent twice, the second time %s, is a malformed request', async (_, twice) => {
    const { accessToken } = await signIn(app.api, caller.email);
    const bearer = `Bearer ${accessToken}`;
    const send = (request: string) => sendRaw(app.origin, request, twice(bearer));
    const malformed = refused(400, 'request.malformed');
    expect(refusalOf(await send('GET /auth/me'))).toEqual(malformed);
    expect((await presentHeader(bearer)).status).toBe(200);
    expect(refusalOf(await send('GET /auth/me'))).toEqual(malformed);
    expect(refusalOf(await send('POST /auth/logout'))).toEqual(malformed);
    expect((await presentHeader(bearer)).status).toBe(200);
  });

  it('is the only header that counts', async () => {
    const answer = await app.api.get('/auth/me', {
      cookie: `__Host-latchkey=${caller.refreshToken}; access_token=${caller.accessToken}`,
      headers: {
        'X-Access-Token': caller.accessToken,
        'Proxy-Authorization': `Bearer ${caller.accessToken}`,
      },
    });
    expect(refusalAndChallenge(answer)).toEqual(NO_CREDENTIALS);
  });
});

describe('the query string', () => {
  it.each(['access_token', 'token', 'auth_token', 'jwt', 'bearer'])(
    'is ignored: a good token in ?%s= brings no credentials',
    async (name) => {
      const answer = await app.api.get(`/auth/me?${name}=${caller.accessToken}`);
      expect(refusalAndChallenge(answer)).toEqual(NO_CREDENTIALS);
    },
  );

  it.each([
    ['the same token', (token: string) => `access_token=${token}`],
    ['another one', () => 'access_token=other'],
    ['an empty one', () => 'access_token='],
    ['one without a value', () => 'access_token'],
    ['two', (token: string) => `access_token=${token}&access_token=${token}`],
    ['one behind something else', (token: string) => `a=b&access_token=${token}`],
    ['one with an encoded name', (token: string) => `access%5Ftoken=${token}`],
  ])('with %s beside the header is a malformed request', async (_, query) => {
    const token = caller.accessToken;
    for (const path of ['/auth/me', '/auth/sessions', '/admin/users']) {
      const answer = await app.api.get(`${path}?${query(token)}`, { token });
      expect(refusalOf(answer)).toEqual(refused(400, 'request.malformed'));
    }
  });

  it('beside the header ends no session', async () => {
    const { accessToken: token } = await signIn(app.api, caller.email);
    const answer = await app.api.post(`/auth/logout?access_token=${token}`, undefined, { token });
    expect(refusalOf(answer)).toEqual(refused(400, 'request.malformed'));
    expect((await app.api.get('/auth/me', { token })).status).toBe(200);
  });
});

describe('WWW-Authenticate', () => {
  const cases: [string, () => Promise<Answer>, ReturnType<typeof refusalAndChallenge>][] = [
    ['without credentials', () => app.api.get('/auth/me'), NO_CREDENTIALS],
    [
      'for a token that is none',
      () => app.api.get('/auth/me', { token: 'nonsense' }),
      { ...refused(401, 'access.token_invalid'), challenge: BAD_TOKEN },
    ],
    [
      'for an expired token',
      () =>
        app.api.get('/auth/me', { token: forge(app, { ...claimsOf(caller.accessToken), exp: 9 }) }),
      { ...refused(401, 'access.token_expired'), challenge: BAD_TOKEN },
    ],
    [
      'for a token whose session has ended',
      async () => {
        const { accessToken: token } = await signIn(app.api, caller.email);
        await app.api.post('/auth/logout', undefined, { token });
        return app.api.get('/auth/me', { token });
      },
      { ...refused(401, 'access.token_revoked'), challenge: BAD_TOKEN },
    ],
    [
      'for a token from before a change of roles',
      async () => {
        const admin = await signUpAdmin(app);
        const { userId, accessToken: token } = await signUp(app);
        const roles = { roles: [] };
        await app.api.put(`/admin/users/${userId}/roles`, roles, { token: admin.accessToken });
        return app.api.get('/auth/me', { token });
      },
      { ...refused(401, 'access.token_stale'), challenge: BAD_TOKEN },
    ],
    [
      'for a caller who lacks a permission',
      () => app.api.get('/admin/users', { token: caller.accessToken }),
      { ...refused(403, 'access.forbidden'), challenge: 'Bearer error="insufficient_scope"' },
    ],
    [
      'for a wrong password',
      () => app.api.post('/auth/login', { email: caller.email, password: `${PASSWORD}!` }),
      { ...refused(401, 'auth.invalid_credentials'), challenge: 'Bearer' },
    ],
    [
      'for a refresh token that is none',
      () => app.api.post('/auth/refresh', { refreshToken: 'nonsense' }),
      { ...refused(401, 'auth.refresh_invalid'), challenge: BAD_TOKEN },
    ],
  ];
  it.each(cases)('%s says so and no more', async (_, ask, expected) => {
    expect(refusalAndChallenge(await ask())).toEqual(expected);
  });

  it('is absent from answers that are neither 401 nor 403', async () => {
    const { accessToken: token } = caller;
    for (const path of ['/auth/me', '/auth/me?access_token=', '/nowhere', '/health/live']) {
      const { headers } = await app.api.get(path, { token });
      expect(headers.get('www-authenticate')).toBeNull();
    }
  });
});
