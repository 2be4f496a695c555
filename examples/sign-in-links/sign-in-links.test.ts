import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CompleteSignIn } from '../../src/latchkey/index.js';
import {
  createRole,
  type SignedIn,
  signUp,
  signUpAdmin,
  signUpWithRoles,
} from '../builders/accounts.js';
import { Barrier } from '../support/barrier.js';
import { refusalOf, refused } from '../support/refusal.js';
import { startYourApp } from '../support/your-app.js';

describe('links that sign in', () => {
  let app: Awaited<ReturnType<typeof startYourApp>>;
  let admin: SignedIn;
  let desk: SignedIn;
  beforeAll(async () => {
    app = await startYourApp({
      THROTTLING: 'on',
      THROTTLE_ADDRESS_REGISTRATIONS: '100',
      TRUSTED_PROXIES: '127.0.0.1/32',
    });
    admin = await signUpAdmin(app);
    await createRole(app, admin, 'desk', ['sign-in-links:issue']);
    desk = await signUpWithRoles(app, admin, ['desk', 'user']);
  });
  afterAll(() => app[Symbol.asyncDispose]());

  const issue = (userId: string, by = desk) =>
    app.api.post(`/sign-in-links/${userId}`, undefined, { token: by.accessToken });
  const linkFor = async ({ userId }: SignedIn): Promise<string> => (await issue(userId)).body.token;
  const open = (token: string, more: object = { delivery: 'body' }, headers = {}) =>
    app.api.post('/sign-in-links/redeem', { token, ...more }, { headers });
  const failedSignIns = async (limit: number) => {
    const path = `/admin/audit-events?action=sign_in.failed&limit=${limit}`;
    return (await app.api.get(path, { token: admin.accessToken })).body.items;
  };
  const INVALID = refused(401, 'auth.proof_invalid');

  it('start a session like any other, once, however many open one at once', async () => {
    const user = await signUp(app);
    const token = await linkFor(user);
    const race = Barrier.before(app.nest.get(CompleteSignIn, { strict: false }), 'complete');
    const opened = Array.from({ length: 50 }, (_, at) =>
      open(token, undefined, { 'X-Forwarded-For': `203.0.113.${at}` }),
    );
    await race.reachedBy(50);
    race.open();
    const answers = await Promise.all(opened);
    const [signedIn, ...more] = answers.filter(({ status }) => status === 200);
    expect(more).toEqual([]);
    expect(decodeJwt(signedIn?.body.accessToken)).toMatchObject({ sub: user.userId, amr: ['otp'] });
    expect(refusalOf(await open(token))).toEqual(INVALID);
    expect(await failedSignIns(1)).toMatchObject([{ reason: 'wrong_link', targetId: user.userId }]);
  });

  it('reach a browser by cookie, from the own site alone, which uses nothing up', async () => {
    const token = await linkFor(await signUp(app));
    const headers = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };
    expect(refusalOf(await open(token, {}, headers))).toEqual(refused(403, 'auth.cross_site'));
    const { status, headers: answered } = await open(token, {});
    expect([status, answered.getSetCookie().join()]).toEqual([
      200,
      expect.stringMatching(/__Host-latchkey=lkr_/),
    ]);
  });

  it('are made by the permission, for nobody who holds more, and are on record', async () => {
    const user = await signUp(app);
    expect(refusalOf(await issue(desk.userId, user))).toEqual(refused(403, 'access.forbidden'));
    expect(refusalOf(await issue(admin.userId))).toEqual(refused(403, 'roles.escalation'));
    await linkFor(user);
    const { body } = await app.api.get('/admin/audit-events?action=sign_in_link.issued&limit=1', {
      token: admin.accessToken,
    });
    expect(body.items).toMatchObject([{ actorId: desk.userId, targetId: user.userId }]);
  });

  it('let nobody in whose account is disabled, and are not guessed', async () => {
    const user = await signUp(app);
    const token = await linkFor(user);
    await app.api.patch(
      `/admin/users/${user.userId}`,
      { status: 'disabled' },
      { token: admin.accessToken },
    );
    expect(refusalOf(await open(token))).toEqual(INVALID);
    expect(await failedSignIns(1)).toMatchObject([
      { reason: 'account_disabled', targetId: user.userId },
    ]);
    const tries = await Promise.all(Array.from({ length: 40 }, () => open('lko_wrong')));
    expect(new Set(tries.map(({ status }) => status))).toEqual(new Set([401, 429]));
  });
});
