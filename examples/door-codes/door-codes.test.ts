import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createRole,
  type SignedIn,
  signUp,
  signUpAdmin,
  signUpWithRoles,
} from '../builders/accounts.js';
import { refusalOf, refused } from '../support/refusal.js';
import { startYourApp } from '../support/your-app.js';

describe('codes of the door', () => {
  let app: Awaited<ReturnType<typeof startYourApp>>;
  let admin: SignedIn;
  let desk: SignedIn;
  beforeAll(async () => {
    app = await startYourApp({ THROTTLING: 'on', THROTTLE_FAILURES_IN_A_ROW: '3' });
    admin = await signUpAdmin(app);
    await createRole(app, admin, 'desk', ['door:issue']);
    desk = await signUpWithRoles(app, admin, ['desk', 'user']);
  });
  afterAll(() => app[Symbol.asyncDispose]());

  const issue = (userId: string, by = desk) =>
    app.api.post(`/door/codes/${userId}`, undefined, { token: by.accessToken });
  const codeFor = async ({ userId }: SignedIn): Promise<string> => (await issue(userId)).body.code;
  const enter = (email: string, code: string, more: object = { delivery: 'body' }) =>
    app.api.post('/door', { email, code, ...more });

  it('start a session like any other, once', async () => {
    const user = await signUp(app);
    const code = await codeFor(user);
    const { status, body } = await enter(user.email, code);
    expect(status).toBe(200);
    expect(decodeJwt(body.accessToken)).toMatchObject({ sub: user.userId, amr: ['otp'] });
    const refreshed = await app.api.post('/auth/refresh', { refreshToken: body.refreshToken });
    expect(refreshed.body.sessionId).toBe(body.sessionId);
    expect(refusalOf(await enter(user.email, code))).toEqual(
      refused(401, 'auth.invalid_credentials'),
    );
  });

  it('reach a browser by cookie, from the own site alone', async () => {
    const user = await signUp(app);
    const body = { email: user.email, code: await codeFor(user) };
    const headers = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };
    expect(refusalOf(await app.api.post('/door', body, { headers }))).toEqual(
      refused(403, 'auth.cross_site'),
    );
    const { headers: answered } = await enter(body.email, body.code, {});
    expect(answered.getSetCookie()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^__Host-latchkey=lkr_/)]),
    );
  });

  it('are not guessed: wrong ones count with wrong passwords, and are on record', async () => {
    const user = await signUp(app);
    const code = await codeFor(user);
    for (const wrong of ['0000', '1111']) await enter(user.email, wrong);
    await app.api.post('/auth/login', { email: user.email, password: 'a wrong password, too' });
    expect(refusalOf(await enter(user.email, code))).toEqual(
      refused(429, 'throttle.too_many_requests'),
    );
    const { body } = await app.api.get('/admin/audit-events?action=sign_in.failed&limit=3', {
      token: admin.accessToken,
    });
    expect(body.items.map(({ reason }: { reason: string }) => reason)).toEqual([
      'wrong_password',
      'wrong_code',
      'wrong_code',
    ]);
  });

  it('are issued by the permission, for nobody who holds more than the issuer', async () => {
    const user = await signUp(app);
    expect(refusalOf(await issue(desk.userId, user))).toEqual(refused(403, 'access.forbidden'));
    expect(refusalOf(await issue(admin.userId))).toEqual(refused(403, 'roles.escalation'));
    const nobody = '0190f3c0-0000-7000-8000-000000000000';
    expect(refusalOf(await issue(nobody))).toEqual(refused(404, 'users.not_found'));
  });

  it('let nobody in whose account is disabled, and nobody learns which accounts there are', async () => {
    const user = await signUp(app);
    const code = await codeFor(user);
    await app.api.patch(
      `/admin/users/${user.userId}`,
      { status: 'disabled' },
      { token: admin.accessToken },
    );
    const expected = refused(401, 'auth.invalid_credentials');
    expect(refusalOf(await enter(user.email, code))).toEqual(expected);
    expect(refusalOf(await enter('nobody@example.com', code))).toEqual(expected);
  });
});
