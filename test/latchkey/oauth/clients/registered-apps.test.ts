import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createRole,
  type SignedIn,
  signUpAdmin,
  signUpWithRoles,
} from '../../../builders/accounts.js';
import { postForm } from '../../../builders/clients.js';
import { invalid, refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp } from '../../../support/test-app.js';

const CALLBACK = 'https://shop.example.com/callback';
const ESCALATION = refused(403, 'roles.escalation');

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
/** Looks after clients and holds little else. */
let keeper: SignedIn;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signUpAdmin(app);
  await createRole(app, admin, 'keeper', ['clients:*']);
  keeper = await signUpWithRoles(app, admin, ['keeper']);
});
afterAll(() => app[Symbol.asyncDispose]());

const as = ({ accessToken: token }: SignedIn) => ({ token });
const create = (body: object, by = admin) =>
  app.api.post('/admin/clients', { name: 'shop', roles: [], ...body }, as(by));
const change = (id: string, body: object, by = admin) =>
  app.api.patch(`/admin/clients/${id}`, body, as(by));

it('an app is registered with where its users are sent, and what it may ask of them', async () => {
  const registered = {
    type: 'public',
    redirectUris: [CALLBACK, 'http://127.0.0.1/cb', 'com.example.app:/cb'],
    postLogoutRedirectUris: ['https://shop.example.com/'],
    backchannelLogoutUri: 'https://shop.example.com/logout',
    idTokenSignedResponseAlg: 'ES256',
    jwks: null,
    firstParty: true,
    scopes: ['openid', 'email'],
    deviceFlow: true,
    requirePushedAuthorizationRequests: true,
  };
  const { status, body } = await create(registered);
  expect({ status, body }).toMatchObject({ status: 201, body: registered });
  expect(body).not.toHaveProperty('secret');

  const changed = { redirectUris: [CALLBACK], firstParty: false, scopes: ['openid'] };
  expect((await change(body.id, changed)).body).toMatchObject({ ...registered, ...changed });
  const events = await app.api.get(`/admin/audit-events?targetId=${body.id}`, as(admin));
  expect(events.body.items.map(({ details }: { details: object }) => details)).toEqual([
    { name: 'shop', status: 'active', given: [], taken: [], ...changed },
    { name: 'shop', roles: [], ...registered },
  ]);
});

it('one that is public has no secret, no roles, and gets no token of its own', async () => {
  const { body } = await create({ type: 'public' });
  expect(refusalOf(await create({ type: 'public', roles: ['user'] }))).toEqual(invalid('roles'));
  const rotated = await app.api.post(`/admin/clients/${body.id}/secret`, {}, as(admin));
  expect(refusalOf(rotated)).toEqual(refused(409, 'clients.has_no_secret'));
  for (const secret of ['', 'x', 'null']) {
    const form = { grant_type: 'client_credentials', client_id: body.id, client_secret: secret };
    expect((await postForm(app.api, '/oauth/token', form)).status).toBe(401);
  }
});

describe('an address that answers are sent to', () => {
  it.each([
    'http://shop.example.com/callback',
    'http://127.0.0.2/cb',
    'http://localhost.evil.example/cb',
    'http://localhost:80@evil.example/cb',
    'https://user@shop.example.com/cb',
    'https://*.example.com/cb',
    'https://shop.example.com/cb#fragment',
    'https://shop.example.com\\@evil.example/cb',
    'https:/shop.example.com/cb',
    'https://shop.example.com/c b',
    'javascript:alert(1)',
    'data:text/html,x',
    'myapp:/cb',
    '//evil.example/cb',
    '/callback',
    'https://shop.example.com/\ncb',
    `https://shop.example.com/${'x'.repeat(500)}`,
    7,
  ])('is not %j', async (uri) => {
    for (const name of ['redirectUris', 'postLogoutRedirectUris']) {
      expect(refusalOf(await create({ [name]: [CALLBACK, uri] }))).toEqual(invalid(name));
    }
  });
});

it('what may act as anybody is made, changed and deleted by those alone who may do everything', async () => {
  expect(refusalOf(await create({ firstParty: true }, keeper))).toEqual(ESCALATION);
  const own = await create({ firstParty: true, redirectUris: [CALLBACK] });
  const { id } = own.body;
  const token = as(keeper);
  for (const answer of [
    await change(id, { redirectUris: ['https://evil.example/cb'] }, keeper),
    await change(id, { firstParty: false }, keeper),
    await app.api.post(`/admin/clients/${id}/secret`, {}, token),
    await app.api.delete(`/admin/clients/${id}`, token),
  ]) {
    expect(refusalOf(answer)).toEqual(ESCALATION);
  }
  const other = await create({ redirectUris: [CALLBACK] }, keeper);
  expect(other.status).toBe(201);
  expect(refusalOf(await change(other.body.id, { firstParty: true }, keeper))).toEqual(ESCALATION);
});

it.each(['jwksUri', 'jwks_uri'])(
  'keys at an address are refused as %s, and what to give instead is said',
  async (field) => {
    const keys = { [field]: 'https://shop.example.com/jwks.json' };
    const { body } = await create({});
    for (const answer of [await create(keys), await change(body.id, keys)]) {
      expect(refusalOf(answer)).toEqual(invalid(field));
      expect(answer.text).toContain('Give the public keys themselves, as jwks');
    }
  },
);
