import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signIn, signUp } from '../../builders/accounts.js';
import { COOKIE } from '../../builders/browsers.js';
import { age, findSession, refresh, rotate } from '../../builders/sessions.js';
import type { RequestOptions } from '../../support/api-client.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { atTime } from '../../support/stopped-clock.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const AN_HOUR_SECONDS = 3600;

type Shown = Pick<SignedIn, 'accessToken' | 'refreshToken'>;

let app: TestApp & AsyncDisposable;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => app[Symbol.asyncDispose]());

const logout = (body?: unknown, options?: RequestOptions) =>
  app.api.post('/auth/logout', body, options);
const statusOfMe = async (token: string) => (await app.api.get('/auth/me', { token })).status;

describe('logging out', () => {
  const ways: [string, (device: Shown) => Promise<{ status: number; text: string }>][] = [
    ['the access token', ({ accessToken }) => logout(undefined, { token: accessToken })],
    ['the refresh token in the body', ({ refreshToken }) => logout({ refreshToken })],
    [
      'the refresh token in the cookie',
      ({ refreshToken }) => logout(undefined, { cookie: `${COOKIE}=${refreshToken}` }),
    ],
    [
      'both tokens',
      ({ accessToken, refreshToken }) => logout({ refreshToken }, { token: accessToken }),
    ],
  ];

  it.each(ways)('by %s ends the session, and repeating it is the same', async (_way, leave) => {
    const device = await signUp(app);

    for (const _ of ['once', 'again']) {
      expect(await leave(device)).toMatchObject({ status: 204, text: '' });
    }

    expect(await findSession(app.stores, device.sessionId)).toMatchObject({ endReason: 'logout' });
    expect(refusalOf(await app.api.get('/auth/me', { token: device.accessToken }))).toEqual(
      refused(401, 'access.token_revoked'),
    );
    expect(refusalOf(await refresh(app.api, device.refreshToken))).toEqual(
      refused(401, 'auth.session_revoked'),
    );
  });

  it.each(ways)('by %s leaves the other device signed in', async (_way, leave) => {
    const device = await signUp(app);
    const other = await signIn(app.api, device.email);

    await leave(device);

    expect(await statusOfMe(other.accessToken)).toBe(200);
    expect((await refresh(app.api, other.refreshToken)).status).toBe(200);
  });

  it('by a refresh token of any age is no theft', async () => {
    const device = await signUp(app);
    await rotate(app.api, device.refreshToken, 2);
    await age(app.stores, device.sessionId, AN_HOUR_SECONDS);

    expect((await logout({ refreshToken: device.refreshToken })).status).toBe(204);

    expect(await findSession(app.stores, device.sessionId)).toMatchObject({ endReason: 'logout' });
  });

  it('by an access token that has expired is refused, and by the cookie beside it works', async () => {
    const { accessToken, refreshToken, sessionId } = await signUp(app);
    const inAnHour = Date.now() / 1000 + AN_HOUR_SECONDS;

    const alone = await atTime(app, inAnHour, () => logout(undefined, { token: accessToken }));
    expect(refusalOf(alone)).toEqual(refused(401, 'access.token_expired'));
    expect(await findSession(app.stores, sessionId)).toMatchObject({ endReason: null });

    const both = await atTime(app, inAnHour, () =>
      logout(undefined, { token: accessToken, cookie: `${COOKIE}=${refreshToken}` }),
    );
    expect(both.status).toBe(204);
    expect(await findSession(app.stores, sessionId)).toMatchObject({ endReason: 'logout' });
  });

  it('by an access token that nobody issued is refused', async () => {
    expect(refusalOf(await logout(undefined, { token: 'a.b.c' }))).toEqual(
      refused(401, 'access.token_invalid'),
    );
  });

  it('by nothing at all is done already', async () => {
    expect((await logout()).status).toBe(204);
  });

  it('by tokens of two sessions ends both', async () => {
    const one = await signUp(app);
    const two = await signIn(app.api, one.email);

    await logout({ refreshToken: one.refreshToken }, { token: two.accessToken });

    expect(await statusOfMe(one.accessToken)).toBe(401);
    expect(await statusOfMe(two.accessToken)).toBe(401);
  });
});

describe('logging out everywhere', () => {
  const logoutAll = (token?: string) => app.api.post('/auth/logout-all', undefined, { token });

  it('ends every session of the caller, counts them, and touches nobody else', async () => {
    const device = await signUp(app);
    const others = [await signIn(app.api, device.email), await signIn(app.api, device.email)];
    const stranger = await signUp(app);
    await logout({ refreshToken: others[1]?.refreshToken });

    const answer = await logoutAll(device.accessToken);

    expect(answer).toMatchObject({ status: 200, body: { revoked: 2 } });
    for (const { accessToken, refreshToken } of [device, ...others]) {
      expect(await statusOfMe(accessToken)).toBe(401);
      expect((await refresh(app.api, refreshToken)).body.code).toBe('auth.session_revoked');
    }
    expect(await statusOfMe(stranger.accessToken)).toBe(200);
    expect((await refresh(app.api, stranger.refreshToken)).status).toBe(200);
  });

  it('demands a signed-in caller', async () => {
    expect(refusalOf(await logoutAll())).toEqual(refused(401, 'access.unauthenticated'));
  });

  it('is not repeated: the caller is no longer signed in', async () => {
    const { accessToken } = await signUp(app);
    await logoutAll(accessToken);

    expect(refusalOf(await logoutAll(accessToken))).toEqual(refused(401, 'access.token_revoked'));
  });
});
