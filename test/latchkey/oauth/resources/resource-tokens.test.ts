import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccessTokenSize } from '../../../../src/latchkey/tokens/access-tokens/access-token-size.js';
import { claimsOf } from '../../../builders/access-tokens.js';
import { type SignedIn, signUpAdmin } from '../../../builders/accounts.js';
import {
  type App,
  type AtBrowser,
  askFor,
  authorize,
  codeFor,
  redeem,
  registerApp,
  signInAtApp,
  signUpAtBrowser,
} from '../../../builders/apps.js';
import { createClient, postForm } from '../../../builders/clients.js';
import { type Registered, registerResource, verifyingFor } from '../../../builders/resources.js';
import { eventually } from '../../../support/eventually.js';
import { Instances } from '../../../support/instances.js';
import { ISSUER, type TestApp } from '../../../support/test-app.js';

const ON = { SINGLE_SIGN_ON: 'on' };
const USERINFO = `${ISSUER}/oauth/userinfo`;
const SCOPES = ['openid', 'email', 'offline_access', 'roles'];

let instances: Instances;
let app: TestApp;
let elsewhere: TestApp;
let admin: SignedIn;
let orders: Registered;
let parcels: Registered;
let shop: App;
let ada: AtBrowser;
beforeAll(async () => {
  instances = await Instances.start(ON, { ...ON, OUTBOX_WORKER: 'off' });
  app = instances.at(0).app;
  elsewhere = instances.at(1).app;
  admin = await signUpAdmin(app);
  orders = await registerResource(app.api, admin, 'orders');
  parcels = await registerResource(app.api, admin, 'parcels');
  const scopes = [...SCOPES, 'orders:read', 'orders:write', 'parcels:read'];
  shop = await registerApp(app.api, admin, { scopes });
  ada = await signUpAtBrowser(app);
});
afterAll(() => instances.stop());

const form = (fields: Record<string, string>, client: App = shop, at = app) => {
  const { id, secret = '' } = client;
  return postForm(at.api, '/oauth/token', fields, { id, secret });
};
const refresh = (refreshToken: string, asked: Record<string, string> = {}, client: App = shop) =>
  form({ grant_type: 'refresh_token', refresh_token: refreshToken, ...asked }, client);
const forOrders = (scope = 'openid offline_access orders:read') => ({
  scope,
  resource: orders.identifier,
});
const said = ({ status, body }: { status: number; body: { error?: string } }) => [
  status,
  body.error,
];
const asks = async (changed: Record<string, string>, app_: App = shop) =>
  (await authorize(app.api, askFor(app_, changed).parameters, ada.cookie)).query.error;

describe('a token for a resource', () => {
  it('has the resource as its audience, and says the scope', async () => {
    const { accessToken } = await signInAtApp(app.api, shop, ada, forOrders());
    expect(claimsOf(accessToken)).toMatchObject({
      aud: orders.identifier,
      scope: 'openid offline_access orders:read',
      sub: ada.userId,
      client_id: shop.id,
      roles: [],
      permissions: [],
    });
  });

  it('is accepted by that service, and refused by another one, by this API and at userinfo', async () => {
    const { accessToken: token } = await signInAtApp(app.api, shop, ada, forOrders());
    const [own, other, api] = [orders.identifier, parcels.identifier, 'latchkey'].map((audience) =>
      verifyingFor(audience, app),
    );
    if (!own || !other || !api) throw new Error('A service is missing.');
    await eventually(async () => expect(await own.outcome(token)).toBe('accepted'), { within: 10 });
    for (const service of [other, api]) {
      expect(await service.outcome(token)).toBe('access.token_invalid');
    }
    for (const path of ['/auth/me', '/oauth/userinfo', '/auth/consents']) {
      expect((await app.api.get(path, { token })).status).toBe(401);
    }
    await Promise.all([own, other, api].map((service) => service.close()));
  });

  it('can be asked for by a scope alone: it belongs to one resource', async () => {
    const { accessToken } = await signInAtApp(app.api, shop, ada, { scope: 'openid parcels:read' });
    expect(claimsOf(accessToken)).toMatchObject({ aud: parcels.identifier });
  });
});

describe('what is asked narrower is never answered broader', () => {
  it.each<[string, () => Record<string, string>, string]>([
    [
      'a resource that is not there',
      () => ({ resource: 'https://x.example.com' }),
      'invalid_target',
    ],
    ['this API, for a partner', () => ({ resource: 'latchkey' }), 'invalid_target'],
    [
      'a resource, and a scope of another one',
      () => ({ resource: orders.identifier, scope: 'openid parcels:read' }),
      'invalid_target',
    ],
    [
      'scopes of two resources',
      () => ({ scope: 'openid orders:read parcels:read' }),
      'invalid_target',
    ],
    ['a resource without a scope of it', () => forOrders('openid'), 'invalid_scope'],
    [
      'a scope that the client is not registered with',
      () => forOrders('parcels:write'),
      'invalid_scope',
    ],
    ['a scope longer than a token may say', () => forOrders('a'.repeat(301)), 'invalid_scope'],
  ])('%s', async (_, changed, error) => {
    expect(await asks(changed())).toBe(error);
  });

  it('a client that has no scope of a resource gets no token for it', async () => {
    const other = await registerApp(app.api, admin, { scopes: SCOPES });
    expect(await asks({ resource: orders.identifier }, other)).toBe('invalid_target');
    expect(await asks(forOrders(), other)).toBe('invalid_scope');
  });

  it('at the token endpoint: what was granted, or less, or for userinfo', async () => {
    const found = await codeFor(app.api, shop, ada, forOrders('openid email orders:read'));
    for (const [changed, error] of [
      [{ resource: parcels.identifier }, 'invalid_target'],
      [{ scope: 'orders:read orders:write' }, 'invalid_scope'],
      [{ scope: 'openid' }, 'invalid_scope'],
    ] as const) {
      expect(said(await redeem(app.api, shop, found, changed))).toEqual([400, error]);
    }
    const { body } = await redeem(app.api, shop, found, { resource: USERINFO });
    expect(body.scope).toBe('openid email');
    expect(claimsOf(body.access_token)).toMatchObject({ aud: USERINFO, scope: 'openid email' });
  });

  it('at a refresh: narrower once, and all of it the next time; refused, nothing is rotated', async () => {
    const { refreshToken } = await signInAtApp(
      app.api,
      shop,
      ada,
      forOrders('offline_access orders:read orders:write'),
    );
    for (const [asked, error] of [
      [{ resource: parcels.identifier }, 'invalid_target'],
      [{ resource: USERINFO }, 'invalid_target'],
      [{ scope: 'parcels:read' }, 'invalid_scope'],
      [{ scope: 'offline_access' }, 'invalid_scope'],
    ] as const) {
      expect(said(await refresh(refreshToken, asked))).toEqual([400, error]);
    }
    const narrow = await refresh(refreshToken, {
      scope: 'orders:read',
      ...{ resource: orders.identifier },
    });
    expect(narrow.body.scope).toBe('orders:read');
    expect(claimsOf(narrow.body.access_token)).toMatchObject({
      aud: orders.identifier,
      scope: 'orders:read',
    });
    const again = await refresh(narrow.body.refresh_token);
    expect(again.body.scope).toBe('offline_access orders:read orders:write');
  });

  it('a session of a sign-in has no scopes', async () => {
    const login = { email: ada.email, password: 'correct horse battery staple', delivery: 'body' };
    const { body } = await app.api.post('/auth/login', login);
    const asked = { grant_type: 'refresh_token', refresh_token: body.refreshToken };
    const scope = await postForm(app.api, '/oauth/token', { ...asked, scope: 'orders:read' });
    expect(said(scope)).toEqual([400, 'invalid_scope']);
    const target = await postForm(app.api, '/oauth/token', {
      ...asked,
      resource: orders.identifier,
    });
    expect(said(target)).toEqual([400, 'invalid_target']);
  });
});

describe('a service that acts for itself', () => {
  const grant_type = 'client_credentials';

  it('gets a token for a resource that it has a scope of, without its roles', async () => {
    const { status, body } = await form({ grant_type, scope: 'orders:write' });
    expect([status, body.scope]).toEqual([200, 'orders:write']);
    expect(claimsOf(body.access_token)).toMatchObject({
      aud: orders.identifier,
      scope: 'orders:write',
      sub: shop.id,
      roles: [],
    });
    const plain = await form({ grant_type });
    expect(claimsOf(plain.body.access_token)).toMatchObject({ aud: 'latchkey' });
  });

  it.each<[string, () => Record<string, string>, string]>([
    ['a scope that is not its own', () => ({ scope: 'parcels:write' }), 'invalid_scope'],
    ['what only people have', () => ({ scope: 'openid orders:read' }), 'invalid_scope'],
    ['a resource without a scope', () => ({ resource: orders.identifier }), 'invalid_scope'],
    ['two resources', () => ({ scope: 'orders:read parcels:read' }), 'invalid_target'],
    ['another resource', () => ({ resource: 'https://x.example.com' }), 'invalid_target'],
  ])('is refused %s', async (_, asked, error) => {
    expect(said(await form({ grant_type, ...asked() }))).toEqual([400, error]);
  });
});

describe('what is taken away bites at once', () => {
  let own: Registered;
  let held: { readonly token: string; readonly refreshToken: string; readonly services: string };
  let client: App;
  let service: ReturnType<typeof verifyingFor>;
  let round = 0;

  async function begin(): Promise<void> {
    round += 1;
    const name = `taken-${round}`;
    own = await registerResource(app.api, admin, name);
    const scopes = ['offline_access', `${name}:read`, `${name}:write`];
    client = await registerApp(app.api, admin, { scopes });
    const { accessToken: token, refreshToken } = await signInAtApp(app.api, client, ada, {
      scope: scopes.join(' '),
    });
    const asked = { grant_type: 'client_credentials', scope: `${name}:read` };
    const services = (await form(asked, client)).body.access_token;
    held = { token, refreshToken, services };
    service = verifyingFor(own.identifier, app);
    for (const one of [token, services]) {
      const accepted = async () => expect(await service.outcome(one)).toBe('accepted');
      await eventually(accepted, { within: 10 });
    }
  }

  async function expectStale(): Promise<void> {
    for (const one of [held.token, held.services]) {
      const stale = async () => expect(await service.outcome(one)).toBe('access.token_stale');
      await eventually(stale, { within: 5 });
    }
    await service.close();
  }

  const by = () => ({ token: admin.accessToken });

  it('a resource that is removed', async () => {
    await begin();
    await app.api.delete(`/admin/resources/${own.id}`, by());
    await expectStale();
    expect(said(await refresh(held.refreshToken, {}, client))).toEqual([400, 'invalid_target']);
    const resource = own.identifier;
    expect(said(await form({ grant_type: 'client_credentials', resource }, client))).toEqual([
      400,
      'invalid_target',
    ]);
  });

  it('a scope that the resource has no more: the rest goes on', async () => {
    await begin();
    const name = `taken-${round}`;
    const scopes = [{ name: `${name}:write`, description: 'Change' }];
    await app.api.patch(`/admin/resources/${own.id}`, { scopes }, by());
    await expectStale();
    const gone = await refresh(held.refreshToken, { scope: `${name}:read` }, client);
    expect(said(gone)).toEqual([400, 'invalid_scope']);
    const { body } = await refresh(held.refreshToken, {}, client);
    expect(body.scope).toBe(`offline_access ${name}:write`);
  });

  it('a scope that the client has no more', async () => {
    await begin();
    const name = `taken-${round}`;
    const scopes = ['offline_access', `${name}:write`];
    await app.api.patch(`/admin/clients/${client.id}`, { scopes }, by());
    await expectStale();
    const { body } = await refresh(held.refreshToken, {}, client);
    expect(body.scope).toBe(`offline_access ${name}:write`);
  });

  it('and of a code that is under way nothing comes', async () => {
    await begin();
    const scope = `offline_access taken-${round}:read`;
    const underway = await codeFor(app.api, client, ada, { scope });
    await app.api.delete(`/admin/resources/${own.id}`, by());
    expect(said(await redeem(elsewhere.api, client, underway))).toEqual([400, 'invalid_grant']);
    await service.close();
  });
});

it('the page that asks names the resource, and what may be done there', async () => {
  const grace = await signUpAtBrowser(app);
  const asked = askFor(shop, forOrders('openid orders:read'));
  const { sealed } = await authorize(app.api, asked.parameters, grace.cookie);
  const { body } = await app.api.post(
    '/auth/consents/question',
    { request: sealed },
    { token: grace.accessToken },
  );
  expect(body).toMatchObject({
    what: 'consent',
    scopes: ['openid', 'orders:read'],
    resource: {
      identifier: orders.identifier,
      name: 'orders',
      scopes: [{ name: 'orders:read', description: 'See your orders' }],
    },
  });
});

it('introspection of a resource’s token: its own client is told, and no other', async () => {
  const service = await createClient(app.api, admin);
  const scopes = [...SCOPES, 'stock:read'];
  const { identifier } = await registerResource(app.api, admin, 'stock', { clientId: service.id });
  const client = await registerApp(app.api, admin, { scopes });
  const { accessToken: token } = await signInAtApp(app.api, client, ada, { scope: 'stock:read' });
  const introspect = (by: { id: string; secret?: string }) =>
    postForm(app.api, '/oauth/introspect', { token }, { secret: '', ...by });
  const { body } = await introspect(service);
  expect(body).toMatchObject({ active: true, aud: identifier, scope: 'stock:read' });
  expect((await introspect(client)).body).toEqual({ active: false });
});

it('no token at a client is larger than what is counted when roles are given', async () => {
  const names = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(60));
  const scopes = names.map((name) => ({ name, description: 'Something' }));
  const identifier = `https://${'y'.repeat(60)}.example.com/${'z'.repeat(115)}`;
  await registerResource(app.api, admin, 'long', { identifier, scopes });
  const scope = `openid offline_access roles ${names.join(' ')}`;
  const client = await registerApp(app.api, admin, { scopes: scope.split(' ') });
  const { accessToken } = await signInAtApp(app.api, client, ada, { scope });
  const [roles, permissions] = [['user'], []];
  expect(claimsOf(accessToken)).toMatchObject({ roles, permissions });
  const size = app.nest.get(AccessTokenSize, { strict: false });
  const counted = size.bytesFor({ roles, permissions, demanding: [] });
  expect(accessToken.length).toBeLessThanOrEqual(counted);
});
