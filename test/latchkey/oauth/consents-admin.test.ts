import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  createRole,
  type SignedIn,
  signUpAdmin,
  signUpWithRoles,
} from '../../builders/accounts.js';
import {
  type App,
  codeFor,
  redeem,
  registerApp,
  signInAtApp,
  signUpAtBrowser,
} from '../../builders/apps.js';
import { postForm } from '../../builders/clients.js';
import { eventually } from '../../support/eventually.js';
import { Instances } from '../../support/instances.js';
import { invalid, refusalOf, refused } from '../../support/refusal.js';
import { type TestApp } from '../../support/test-app.js';

const ON = { SINGLE_SIGN_ON: 'on' };
const NOBODY = '0190f3c0-0000-7000-8000-000000000000';
const REASON = 'The app was broken into.';

let instances: Instances;
let app: TestApp;
let elsewhere: TestApp;
let admin: SignedIn;
let shop: App;
beforeAll(async () => {
  instances = await Instances.start(ON, ON);
  app = instances.at(0).app;
  elsewhere = instances.at(1).app;
  admin = await signUpAdmin(app);
  shop = await registerApp(app.api, admin);
});
afterAll(() => instances.stop());

const as = ({ accessToken: token }: SignedIn) => ({ token });
const listOf = (userId: string) => `/admin/users/${userId}/consents`;
const pathOf = (userId: string, clientId = shop.id) => `${listOf(userId)}/${clientId}`;

it('an administrator sees which apps an account has let in, to what and since when', async () => {
  const ada = await signUpAtBrowser(app);
  expect((await app.api.get(listOf(ada.userId), as(admin))).body).toEqual({ items: [] });
  await signInAtApp(app.api, shop, ada);
  const { status, body } = await app.api.get(listOf(ada.userId), as(admin));
  expect(status).toBe(200);
  const time = expect.stringMatching(/^\d{4}-.+Z$/);
  expect(body.items).toEqual([
    {
      client: { id: shop.id, name: 'Shop' },
      scopes: ['openid', 'offline_access'],
      createdAt: time,
      updatedAt: time,
    },
  ]);
  const own = await app.api.get('/auth/consents', { token: ada.accessToken });
  expect(body).toEqual(own.body);
});

it('and withdraws one: everything that the app holds of this account ends at once, and nothing else', async () => {
  const ada = await signUpAtBrowser(app);
  const bob = await signUpAtBrowser(app);
  const held = await signInAtApp(app.api, shop, ada);
  const ofBob = await signInAtApp(app.api, shop, bob);
  const underway = await codeFor(app.api, shop, ada);

  const path = `${pathOf(ada.userId)}?${new URLSearchParams({ reason: REASON })}`;
  expect((await app.api.delete(path, as(admin))).status).toBe(204);

  for (const { api } of [app, elsewhere]) {
    await eventually(
      async () => {
        const answer = await api.get('/oauth/userinfo', { token: held.accessToken });
        expect(answer.status).toBe(401);
      },
      { within: 5 },
    );
    const other = await api.get('/oauth/userinfo', { token: ofBob.accessToken });
    expect(other.status).toBe(200);
  }
  const form = { grant_type: 'refresh_token', refresh_token: held.refreshToken };
  const { id, secret = '' } = shop;
  const refreshed = await postForm(app.api, '/oauth/token', form, { id, secret });
  expect(refreshed.body.error).toBe('invalid_grant');
  expect((await redeem(app.api, shop, underway)).body.error).toBe('invalid_grant');
  expect((await app.api.get('/auth/me', { token: ada.accessToken })).status).toBe(200);

  const trail = `/admin/audit-events?action=consent.withdrawn&targetId=${shop.id}`;
  const { body } = await app.api.get(trail, as(admin));
  expect(body.items).toMatchObject([
    {
      actorId: admin.userId,
      sessionId: admin.sessionId,
      targetType: 'client',
      targetId: shop.id,
      reason: REASON,
      details: { userId: ada.userId, sessions: 1 },
    },
  ]);
  const again = await app.api.delete(pathOf(ada.userId), as(admin));
  expect(refusalOf(again)).toEqual(refused(404, 'consents.not_found'));
});

it('reading takes users:read, withdrawing sessions:revoke, and neither opens the other', async () => {
  await createRole(app, admin, 'reader', ['users:read']);
  await createRole(app, admin, 'warden', ['sessions:revoke']);
  const reader = await signUpWithRoles(app, admin, ['user', 'reader']);
  const warden = await signUpWithRoles(app, admin, ['user', 'warden']);
  const ada = await signUpAtBrowser(app);
  await signInAtApp(app.api, shop, ada);

  const forbidden = refused(403, 'access.forbidden');
  for (const path of [listOf(ada.userId), listOf(admin.userId)]) {
    expect((await app.api.get(path, as(reader))).status).toBe(200);
    expect(refusalOf(await app.api.get(path, as(warden)))).toEqual(forbidden);
  }
  const path = pathOf(ada.userId);
  expect(refusalOf(await app.api.delete(path, as(reader)))).toEqual(forbidden);
  expect(refusalOf(await app.api.delete(path, { token: ada.accessToken }))).toEqual(forbidden);
  expect((await app.api.delete(path, as(warden))).status).toBe(204);
});

it('what is not there is not found, and a reason that is too long is named', async () => {
  expect(refusalOf(await app.api.get(listOf(NOBODY), as(admin)))).toEqual(
    refused(404, 'users.not_found'),
  );
  for (const path of [pathOf(NOBODY), pathOf(admin.userId), pathOf(admin.userId, NOBODY)]) {
    expect(refusalOf(await app.api.delete(path, as(admin)))).toEqual(
      refused(404, 'consents.not_found'),
    );
  }
  const long = `${pathOf(admin.userId)}?reason=${'x'.repeat(501)}`;
  expect(refusalOf(await app.api.delete(long, as(admin)))).toEqual(invalid('reason'));
});
