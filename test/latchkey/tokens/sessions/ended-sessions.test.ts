import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signUp, signUpAdmin } from '../../../builders/accounts.js';
import { age, countThefts, findSession, refresh, rotate } from '../../../builders/sessions.js';
import { startTestApp, type TestApp } from '../../../support/test-app.js';

const DAY = 86_400;
const AFTER_THE_GRACE_SECONDS = 30;

let app: TestApp & AsyncDisposable;
let admin: SignedIn;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signUpAdmin(app);
});
afterAll(async () => app[Symbol.asyncDispose]());

describe('a session that has ended', () => {
  const asAdmin = () => ({ token: admin.accessToken });
  const present = (refreshToken: string) => refresh(app.api, refreshToken);

  it.each<[string, string, string | null, (device: SignedIn) => Promise<unknown>]>([
    [
      'by logout',
      'auth.session_revoked',
      'logout',
      ({ accessToken }) => app.api.post('/auth/logout', undefined, { token: accessToken }),
    ],
    [
      'by an administrator',
      'auth.session_revoked',
      'admin',
      ({ sessionId }) => app.api.delete(`/admin/sessions/${sessionId}`, asAdmin()),
    ],
    [
      'by disabling its user',
      'auth.session_revoked',
      'user_disabled',
      ({ userId }) => app.api.patch(`/admin/users/${userId}`, { status: 'disabled' }, asAdmin()),
    ],
    [
      'by a week of rest',
      'auth.session_expired',
      null,
      ({ sessionId }) => age(app.stores, sessionId, 7 * DAY),
    ],
  ])('%s refuses old and new tokens alike, and takes neither for theft', async (...row) => {
    const [, code, endReason, end] = row;
    const device = await signUp(app);
    const [current = ''] = await rotate(app.api, device.refreshToken, 1);
    await age(app.stores, device.sessionId, AFTER_THE_GRACE_SECONDS);
    await end(device);

    for (const token of [device.refreshToken, current, device.refreshToken]) {
      expect(await present(token)).toMatchObject({ status: 401, body: { code } });
    }

    expect(await countThefts(app.stores, device.sessionId)).toBe(0);
    expect(await findSession(app.stores, device.sessionId)).toMatchObject({ endReason });
  });

  it('has no token left once its user has been deleted', async () => {
    const { userId, refreshToken } = await signUp(app);
    await app.api.delete(`/admin/users/${userId}`, asAdmin());

    expect(await present(refreshToken)).toMatchObject({
      status: 401,
      body: { code: 'auth.refresh_invalid' },
    });
  });
});

describe('the limits of a session', () => {
  it('starts its idle limit anew with every rotation', async () => {
    const { refreshToken, sessionId } = await signUp(app);
    let token = refreshToken;
    for (const days of [6.9, 6.9, 6.9]) {
      await age(app.stores, sessionId, days * DAY);
      const { status, body } = await refresh(app.api, token);
      expect(status).toBe(200);
      expect(body.refreshExpiresIn).toBeGreaterThan(6.99 * DAY);
      token = body.refreshToken;
    }
    await age(app.stores, sessionId, 7 * DAY);

    expect((await refresh(app.api, token)).body.code).toBe('auth.session_expired');
  });

  it('does not start its idle limit anew for a token that has been superseded', async () => {
    const { refreshToken, sessionId } = await signUp(app);
    const [current = ''] = await rotate(app.api, refreshToken, 1);
    await age(app.stores, sessionId, 9);
    const before = await app.stores.query('SELECT rotated_at FROM sessions WHERE id = $1', [
      sessionId,
    ]);

    expect((await refresh(app.api, refreshToken)).body.refreshToken).toBe(current);

    expect(
      await app.stores.query('SELECT rotated_at FROM sessions WHERE id = $1', [sessionId]),
    ).toEqual(before);
  });

  it('ends thirty days after the sign-in, however busy it is', async () => {
    const { refreshToken, sessionId } = await signUp(app);
    let token = refreshToken;
    for (let day = 5; day < 30; day += 5) {
      await age(app.stores, sessionId, 5 * DAY);
      [token = ''] = await rotate(app.api, token, 1);
    }
    const last = await refresh(app.api, token);
    expect(last.body.refreshExpiresIn).toBeLessThanOrEqual(5 * DAY);
    expect(last.body.refreshExpiresIn).toBeGreaterThan(4.99 * DAY);
    await age(app.stores, sessionId, 5 * DAY);

    expect(await refresh(app.api, last.body.refreshToken)).toMatchObject({
      status: 401,
      body: { code: 'auth.session_expired' },
    });
  });
});
