import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createRole,
  grantRoles,
  type SignedIn,
  signUp,
  signUpAdmin,
  signUpWithRoles,
} from '../../../builders/accounts.js';
import { type Client, clientToken, createClient, postForm } from '../../../builders/clients.js';
import { eventually } from '../../../support/eventually.js';
import { Instances } from '../../../support/instances.js';
import { invalid, refusalOf, refused } from '../../../support/refusal.js';
import { copyDatabase } from '../../../support/store-copies.js';
import type { TestApp } from '../../../support/test-app.js';

const ESCALATION = refused(403, 'roles.escalation');
const NOT_FOUND = refused(404, 'clients.not_found');
const NOBODY = '0190f3c0-0000-7000-8000-000000000000';

let instances: Instances;
let app: TestApp;
let elsewhere: TestApp;
let admin: SignedIn;
/** Looks after clients and holds little else. */
let keeper: SignedIn;
beforeAll(async () => {
  instances = await Instances.start({}, {});
  app = instances.at(0).app;
  elsewhere = instances.at(1).app;
  admin = await signUpAdmin(app);
  await createRole(app, admin, 'keeper', ['clients:*', 'notes:read']);
  await createRole(app, admin, 'reader', ['notes:read']);
  await createRole(app, admin, 'auditor', ['audit:read']);
  keeper = await signUpWithRoles(app, admin, ['keeper', 'reader']);
});
afterAll(() => instances.stop());

const as = ({ accessToken: token }: SignedIn) => ({ token });
const create = (by: SignedIn, body: object) => app.api.post('/admin/clients', body, as(by));
const change = (by: SignedIn, id: string, body: object) =>
  app.api.patch(`/admin/clients/${id}`, body, as(by));
const rotateSecret = (by: SignedIn, id: string, body?: object) =>
  app.api.post(`/admin/clients/${id}/secret`, body, as(by));
const isLetIn = async (client: Client) =>
  (await postForm(app.api, '/oauth/introspect', { token: 'x' }, client)).status === 200;

async function expectRefusedEverywhere(token: string): Promise<void> {
  for (const at of [app, elsewhere]) {
    await eventually(
      async () => {
        const answer = await at.api.get('/auth/me', { token });
        expect(refusalOf(answer)).toEqual(refused(401, 'access.token_stale'));
      },
      { within: 5 },
    );
  }
}

describe('making a client', () => {
  it('shows its secret, once', async () => {
    const answer = await create(admin, { name: 'billing', roles: ['reader'] });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { secret, ...client } = answer.body;
    expect(secret).toMatch(/^lks_[\w-]{43}$/);
    expect(client).toEqual({
      id: expect.any(String),
      name: 'billing',
      status: 'active',
      type: 'confidential',
      metadataUri: null,
      selfRegistered: false,
      roles: ['reader'],
      redirectUris: [],
      postLogoutRedirectUris: [],
      backchannelLogoutUri: null,
      idTokenSignedResponseAlg: 'RS256',
      jwks: null,
      tokenEndpointAuthMethod: 'client_secret',
      firstParty: false,
      scopes: [],
      deviceFlow: false,
      requirePushedAuthorizationRequests: false,
      formerSecretUntil: null,
      createdAt: expect.any(String),
    });
    const shown = await app.api.get(`/admin/clients/${client.id}`, as(admin));
    expect(shown.body).toEqual(client);
    const listed = await app.api.get('/admin/clients?limit=1', as(admin));
    expect(listed.body.items).toEqual([client]);
    expect(await copyDatabase(instances.stores)).not.toContain(secret);
  });

  it.each([
    [{ name: '' }, ['name']],
    [{ name: 'x'.repeat(101) }, ['name']],
    [{ roles: ['nobody'] }, ['roles']],
    [{ roles: ['No Role'] }, ['roles']],
    [{ secret: 'of my own' }, ['secret']],
  ])('is refused for %j', async (wrong, fields) => {
    const answer = await create(admin, { name: 'billing', roles: [], ...wrong });
    expect(refusalOf(answer)).toEqual(invalid(...fields));
  });

  it('gives it no more than its maker holds', async () => {
    for (const roles of [['admin'], ['auditor'], ['reader', 'auditor']]) {
      expect(refusalOf(await create(keeper, { name: 'x', roles }))).toEqual(ESCALATION);
    }
    for (const roles of [[], ['reader'], ['keeper'], ['user']]) {
      expect((await create(keeper, { name: 'x', roles })).status).toBe(201);
    }
  });
});

describe('changing a client', () => {
  it('its name: its tokens stay good', async () => {
    const client = await createClient(app.api, admin, ['reader']);
    const token = await clientToken(app.api, client);
    const answer = await change(keeper, client.id, { name: 'invoices' });
    expect(answer.body).toMatchObject({ id: client.id, name: 'invoices', roles: ['reader'] });
    expect((await app.api.get('/auth/me', { token })).status).toBe(200);
  });

  it('its roles: its tokens are refused at once, and the next say the new ones', async () => {
    const client = await createClient(app.api, admin, ['reader']);
    const token = await clientToken(app.api, client);
    const answer = await change(admin, client.id, { roles: ['auditor'] });
    expect(answer.body.roles).toEqual(['auditor']);
    await expectRefusedEverywhere(token);
    const next = await clientToken(app.api, client);
    expect((await app.api.get('/auth/me', { token: next })).body.permissions).toEqual([
      'audit:read',
    ]);
  });

  it('disabling it: its tokens are refused at once', async () => {
    const client = await createClient(app.api, admin);
    const token = await clientToken(app.api, client);
    expect((await change(keeper, client.id, { status: 'disabled' })).body.status).toBe('disabled');
    await expectRefusedEverywhere(token);
    expect(await isLetIn(client)).toBe(false);
  });

  it('takes holding what is given and what is taken', async () => {
    const strong = await createClient(app.api, admin, ['admin']);
    const weak = await createClient(app.api, admin);
    for (const [id, body] of [
      [weak.id, { roles: ['auditor'] }],
      [strong.id, { roles: [] }],
    ] as const) {
      expect(refusalOf(await change(keeper, id, body))).toEqual(ESCALATION);
    }
    await change(admin, strong.id, { status: 'disabled' });
    expect(refusalOf(await change(keeper, strong.id, { status: 'active' }))).toEqual(ESCALATION);
    expect((await change(admin, strong.id, { status: 'active' })).status).toBe(200);
  });

  it('by a client that holds the roles works; what it may do is what it holds now', async () => {
    const robot = await createClient(app.api, admin, ['keeper', 'reader']);
    const token = await clientToken(app.api, robot);
    const target = await createClient(app.api, admin);
    const set = (roles: string[]) =>
      app.api.patch(`/admin/clients/${target.id}`, { roles }, { token });
    expect((await set(['reader'])).status).toBe(200);
    expect(refusalOf(await set(['auditor']))).toEqual(ESCALATION);
  });

  it('that is unknown is 404', async () => {
    expect(refusalOf(await change(admin, NOBODY, { name: 'x' }))).toEqual(NOT_FOUND);
    expect(refusalOf(await rotateSecret(admin, NOBODY))).toEqual(NOT_FOUND);
    const deleted = await app.api.delete(`/admin/clients/${NOBODY}`, as(admin));
    expect(refusalOf(deleted)).toEqual(NOT_FOUND);
  });
});

describe('a new secret', () => {
  it('takes the place of the former one, and the tokens issued so far are refused', async () => {
    const client = await createClient(app.api, admin);
    const token = await clientToken(app.api, client);
    const { secret } = (await rotateSecret(admin, client.id)).body;
    expect(await isLetIn(client)).toBe(false);
    expect(await isLetIn({ ...client, secret })).toBe(true);
    await expectRefusedEverywhere(token);
  });

  it('can leave the former one open for a while, and no longer', async () => {
    const client = await createClient(app.api, admin);
    const token = await clientToken(app.api, client);
    const answer = await rotateSecret(admin, client.id, { formerValidSeconds: 3600 });
    const { secret, formerSecretUntil } = answer.body;
    expect(Date.parse(formerSecretUntil) / 1000 - Date.now() / 1000).toBeGreaterThan(3500);
    expect([await isLetIn(client), await isLetIn({ ...client, secret })]).toEqual([true, true]);
    expect((await app.api.get('/auth/me', { token })).status).toBe(200);
    await instances.stores.query(
      `UPDATE oauth_clients SET former_secret_until = clock_timestamp() WHERE id = $1`,
      [client.id],
    );
    expect([await isLetIn(client), await isLetIn({ ...client, secret })]).toEqual([false, true]);
  });

  it('of a client that may more than oneself is not for oneself to see', async () => {
    const strong = await createClient(app.api, admin, ['admin']);
    expect(refusalOf(await rotateSecret(keeper, strong.id))).toEqual(ESCALATION);
    expect(await isLetIn(strong)).toBe(true);
  });

  it.each([-1, 0.5, 604_801, '60'])('cannot leave the former one open for %j s', async (wrong) => {
    const client = await createClient(app.api, admin);
    const answer = await rotateSecret(admin, client.id, { formerValidSeconds: wrong });
    expect(refusalOf(answer)).toEqual(invalid('formerValidSeconds'));
  });
});

describe('what clients hold', () => {
  it('a role that a client holds is in use', async () => {
    await createRole(app, admin, 'held', []);
    const client = await createClient(app.api, admin, ['held']);
    const remove = () => app.api.delete('/admin/roles/held', as(admin));
    expect(refusalOf(await remove())).toEqual(refused(409, 'roles.in_use'));
    await app.api.delete(`/admin/clients/${client.id}`, as(admin));
    expect((await remove()).status).toBe(204);
  });

  it('goes stale when a role permits something else', async () => {
    await createRole(app, admin, 'shifting', ['notes:read']);
    const client = await createClient(app.api, admin, ['shifting']);
    const token = await clientToken(app.api, client);
    await app.api.patch('/admin/roles/shifting', { permissions: [] }, as(admin));
    await expectRefusedEverywhere(token);
  });

  it('is gone with the client', async () => {
    const client = await createClient(app.api, admin);
    const token = await clientToken(app.api, client);
    expect((await app.api.delete(`/admin/clients/${client.id}`, as(keeper))).status).toBe(204);
    await expectRefusedEverywhere(token);
  });

  it('is no business of users: a client is none', async () => {
    const client = await createClient(app.api, admin);
    const user = await app.api.get(`/admin/users/${client.id}`, as(admin));
    expect(refusalOf(user)).toEqual(refused(404, 'users.not_found'));
    const { userId } = await signUp(app);
    await grantRoles(app, admin, userId, ['reader']);
    expect(refusalOf(await change(admin, userId, { name: 'x' }))).toEqual(NOT_FOUND);
  });
});

it('every change is in the audit trail, without the secret', async () => {
  const { body: client } = await create(admin, { name: 'audited', roles: ['reader'] });
  await change(admin, client.id, { roles: [], status: 'disabled' });
  const { secret } = (await rotateSecret(admin, client.id)).body;
  await app.api.delete(`/admin/clients/${client.id}`, as(admin));
  const { body, text } = await app.api.get(`/admin/audit-events?targetId=${client.id}`, as(admin));
  expect(
    body.items.map((event: { action: string; details: object }) => [event.action, event.details]),
  ).toEqual([
    ['client.deleted', { name: 'audited', roles: [] }],
    ['client.secret_rotated', { formerValidSeconds: 0 }],
    ['client.changed', { name: 'audited', status: 'disabled', given: [], taken: ['reader'] }],
    ['client.created', expect.objectContaining({ name: 'audited', roles: ['reader'] })],
  ]);
  expect(text).not.toContain(secret);
});
