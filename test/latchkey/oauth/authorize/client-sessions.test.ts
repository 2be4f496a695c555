import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf } from '../../../builders/access-tokens.js';
import { type SignedIn, signIn, signUpAdmin } from '../../../builders/accounts.js';
import {
  type App,
  type AtApp,
  type AtBrowser,
  codeFor,
  redeem,
  registerApp,
  signInAtApp,
  signInAtBrowser,
  signUpAtBrowser,
} from '../../../builders/apps.js';
import { postForm } from '../../../builders/clients.js';
import { eventually } from '../../../support/eventually.js';
import { Instances } from '../../../support/instances.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import type { TestApp } from '../../../support/test-app.js';

const ON = { SINGLE_SIGN_ON: 'on' };

let instances: Instances;
let app: TestApp;
let elsewhere: TestApp;
let admin: SignedIn;
let shop: App;
let spa: App;
beforeAll(async () => {
  instances = await Instances.start(ON, ON);
  app = instances.at(0).app;
  elsewhere = instances.at(1).app;
  admin = await signUpAdmin(app);
  shop = await registerApp(app.api, admin);
  spa = await registerApp(app.api, admin, { type: 'public', firstParty: true });
});
afterAll(() => instances.stop());

const refresh = (client: App, refreshToken: string, at = app) => {
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken };
  const { id, secret } = client;
  return secret === undefined
    ? postForm(at.api, '/oauth/token', { ...form, client_id: id })
    : postForm(at.api, '/oauth/token', form, { id, secret });
};

/** A partner's token is judged at the userinfo endpoint, and by a service that introspects. */
async function expectOver(client: App, { accessToken, refreshToken }: AtApp): Promise<void> {
  const path = client === spa ? '/auth/me' : '/oauth/userinfo';
  for (const { api } of [app, elsewhere]) {
    await eventually(
      async () => expect((await api.get(path, { token: accessToken })).status).toBe(401),
      { within: 5 },
    );
  }
  expect((await refresh(client, refreshToken)).body.error).toBe('invalid_grant');
}

async function expectAlive(client: App, { accessToken, refreshToken }: AtApp): Promise<void> {
  const path = client === spa ? '/auth/me' : '/oauth/userinfo';
  expect((await app.api.get(path, { token: accessToken })).status).toBe(200);
  expect((await refresh(client, refreshToken)).status).toBe(200);
}

describe('a session at a client', () => {
  it('is refreshed by its client alone, and at no other route', async () => {
    const ada = await signUpAtBrowser(app);
    const held = await signInAtApp(app.api, spa, ada);
    const own = await signIn(app.api, ada.email);
    for (const answer of [
      await refresh(shop, held.refreshToken),
      await refresh({ id: 'latchkey' }, held.refreshToken),
      await refresh(spa, own.refreshToken),
    ]) {
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_grant']);
    }
    const byApi = await app.api.post('/auth/refresh', { refreshToken: held.refreshToken });
    expect(refusalOf(byApi)).toEqual(refused(401, 'auth.refresh_invalid'));
    const { status, body } = await refresh(spa, held.refreshToken);
    expect([status, body.scope]).toEqual([200, 'openid offline_access']);
    expect(claimsOf(body.access_token)).toMatchObject({
      sid: claimsOf(held.accessToken).sid,
      client_id: spa.id,
      scope: 'openid offline_access',
      roles: [],
    });
  });

  it('goes on, whatever comes in parallel: 20 refreshes on two instances, one next token', async () => {
    const ada = await signUpAtBrowser(app);
    const { refreshToken } = await signInAtApp(app.api, spa, ada);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => refresh(spa, refreshToken, instances.at(index).app)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(1);
  });

  it('keeps its limits when a factor is shown in it', async () => {
    const ada = await signUpAtBrowser(app);
    const { accessToken: token } = await signInAtApp(app.api, spa, ada);
    const shown = { method: 'password', password: 'correct horse battery staple' };
    const { body } = await app.api.post('/auth/step-up', shown, { token });
    expect(claimsOf(body.accessToken)).toMatchObject({ client_id: spa.id, roles: [] });
  });

  it('does not count among the sessions that a user may have', async () => {
    const limited = await Instances.start({ ...ON, SESSIONS_PER_USER_MAX: '1' });
    const only = limited.at(0).app;
    const client = await registerApp(only.api, await signUpAdmin(only), { firstParty: true });
    const ada = await signUpAtBrowser(only);
    const again = await signInAtBrowser(only.api, ada.email);
    const held = await signInAtApp(only.api, client, again);
    expect((await only.api.get('/auth/me', { token: again.accessToken })).status).toBe(200);
    expect((await only.api.get('/auth/me', { token: held.accessToken })).status).toBe(200);
    await limited.stop();
  });
});

describe('a session at a client ends', () => {
  let ada: AtBrowser;
  let atShop: AtApp;
  let atSpa: AtApp;
  const begin = async () => {
    ada = await signUpAtBrowser(app);
    atShop = await signInAtApp(app.api, shop, ada);
    atSpa = await signInAtApp(app.api, spa, ada);
  };

  it.each([
    ['signing out', () => app.api.post('/auth/logout', undefined, { token: ada.accessToken })],
    [
      'an administrator who ends it',
      () => app.api.delete(`/admin/sessions/${ada.sessionId}`, { token: admin.accessToken }),
    ],
    [
      'an administrator who ends those of a kind',
      () => {
        const body = { filter: { userId: ada.userId, ip: '127.0.0.1' }, reason: 'a test' };
        return app.api.post('/admin/sessions/revoke', body, { token: admin.accessToken });
      },
    ],
    [
      'signing out everywhere',
      () => app.api.post('/auth/logout-all', undefined, { token: ada.accessToken }),
    ],
    [
      'the disabling of the account',
      () => {
        const path = `/admin/users/${ada.userId}`;
        return app.api.patch(path, { status: 'disabled' }, { token: admin.accessToken });
      },
    ],
  ])('with that of the sign-in, by %s', async (_, end) => {
    await begin();
    expect((await end()).status).toBeLessThan(300);
    await expectOver(shop, atShop);
    await expectOver(spa, atSpa);
  });

  it('alone, when its client revokes it', async () => {
    await begin();
    const form = { token: atSpa.refreshToken, client_id: spa.id };
    expect((await postForm(app.api, '/oauth/revoke', form)).status).toBe(200);
    await expectOver(spa, atSpa);
    await expectAlive(shop, atShop);
    const { id, secret = '' } = shop;
    const token = atShop.accessToken;
    expect((await postForm(app.api, '/oauth/revoke', { token }, { id, secret })).status).toBe(200);
    expect((await app.api.get('/oauth/userinfo', { token })).status).toBe(401);
    expect((await app.api.get('/auth/me', { token: ada.accessToken })).status).toBe(200);
  });

  it('alone, when the consent is withdrawn, and with it the code that is under way', async () => {
    await begin();
    const underway = await codeFor(app.api, shop, ada);
    const { accessToken: token } = ada;
    const listed = await app.api.get('/auth/consents', { token });
    expect(listed.body.items).toMatchObject([{ client: { id: shop.id, name: 'Shop' } }]);
    expect((await app.api.delete(`/auth/consents/${shop.id}`, { token })).status).toBe(204);
    await expectOver(shop, atShop);
    await expectAlive(spa, atSpa);
    expect((await redeem(app.api, shop, underway)).body.error).toBe('invalid_grant');
    const again = await app.api.delete(`/auth/consents/${shop.id}`, { token });
    expect(refusalOf(again)).toEqual(refused(404, 'consents.not_found'));
  });

  it('with its client: disabled, and deleted', async () => {
    for (const end of ['disable', 'delete']) {
      const client = await registerApp(app.api, admin, { type: 'public' });
      const person = await signUpAtBrowser(app);
      const held = await signInAtApp(app.api, client, person);
      const path = `/admin/clients/${client.id}`;
      const by = { token: admin.accessToken };
      if (end === 'disable') await app.api.patch(path, { status: 'disabled' }, by);
      else await app.api.delete(path, by);
      for (const { api } of [app, elsewhere]) {
        await eventually(
          async () => {
            const answer = await api.get('/oauth/userinfo', { token: held.accessToken });
            expect(answer.status).toBe(401);
          },
          { within: 5 },
        );
      }
      expect((await refresh(client, held.refreshToken)).body.error).toBe('invalid_client');
    }
  });
});

it('an app that is the product’s own no more: its sessions end, and a code under way gives none', async () => {
  const client = await registerApp(app.api, admin, { type: 'public', firstParty: true });
  const person = await signUpAtBrowser(app);
  const held = await signInAtApp(app.api, client, person, { scope: 'openid roles offline_access' });
  const underway = await codeFor(app.api, client, person);
  expect((await app.api.get('/auth/me', { token: held.accessToken })).status).toBe(200);
  const path = `/admin/clients/${client.id}`;
  await app.api.patch(path, { firstParty: false }, { token: admin.accessToken });
  for (const { api } of [app, elsewhere]) {
    await eventually(
      async () => expect((await api.get('/auth/me', { token: held.accessToken })).status).toBe(401),
      { within: 5 },
    );
  }
  expect((await refresh(client, held.refreshToken)).body.error).toBe('invalid_grant');
  expect((await redeem(app.api, client, underway)).body.error).toBe('invalid_grant');
});

it('a code that went to an address which is taken from its client meanwhile gives nothing', async () => {
  const client = await registerApp(app.api, admin);
  const underway = await codeFor(app.api, client, await signUpAtBrowser(app));
  const redirectUris = ['https://shop.example.com/other'];
  const path = `/admin/clients/${client.id}`;
  await app.api.patch(path, { redirectUris }, { token: admin.accessToken });
  expect((await redeem(app.api, client, underway)).body.error).toBe('invalid_grant');
});

it('administrators see both, and at which client', async () => {
  const ada = await signUpAtBrowser(app);
  await signInAtApp(app.api, shop, ada);
  const path = `/admin/users/${ada.userId}/sessions`;
  const { body } = await app.api.get(path, { token: admin.accessToken });
  const clients = body.items.map(({ clientId }: { clientId: string | null }) => clientId);
  expect(clients.sort()).toEqual([shop.id, null, null].sort());
});

it('a service that asks is told of a partner’s token, and what was granted', async () => {
  const ada = await signUpAtBrowser(app);
  const { accessToken: token } = await signInAtApp(app.api, shop, ada);
  const { id, secret = '' } = shop;
  const { body } = await postForm(app.api, '/oauth/introspect', { token }, { id, secret });
  expect(body).toMatchObject({ active: true, client_id: shop.id, scope: 'openid offline_access' });
  const asPublic = await postForm(app.api, '/oauth/introspect', { token, client_id: spa.id });
  expect(asPublic.status).toBe(401);
});
