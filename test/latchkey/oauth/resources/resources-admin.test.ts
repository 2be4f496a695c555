import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resourcesCommands } from '../../../../src/latchkey/operations/cli/resources.commands.js';
import {
  createRole,
  type SignedIn,
  signUpAdmin,
  signUpWithRoles,
} from '../../../builders/accounts.js';
import { registerApp } from '../../../builders/apps.js';
import { createClient } from '../../../builders/clients.js';
import { registerResource } from '../../../builders/resources.js';
import { invalid, refusalOf, refused } from '../../../support/refusal.js';
import { runHere } from '../../../support/run-here.js';
import { startTestApp } from '../../../support/test-app.js';

const NOBODY = '0190f3c0-0000-7000-8000-000000000000';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
beforeAll(async () => {
  app = await startTestApp({ SINGLE_SIGN_ON: 'on' });
  admin = await signUpAdmin(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const as = ({ accessToken: token }: SignedIn) => ({ token });
const create = (body: object) => app.api.post('/admin/resources', body, as(admin));
const scope = (name: string) => ({ name, description: 'Something' });
const path = ({ id }: { id: string }) => `/admin/resources/${id}`;

it('a resource is made, shown, listed, changed and removed', async () => {
  const client = await createClient(app.api, admin);
  const body = {
    identifier: 'https://orders.example.com/api',
    name: 'Orders',
    scopes: [{ name: 'orders:read', description: 'See your orders' }],
  };
  const made = await create({ ...body, clientId: client.id });
  expect(made.status).toBe(201);
  expect(made.body).toEqual({
    ...body,
    id: expect.any(String),
    clientId: client.id,
    createdAt: expect.any(String),
  });
  expect((await app.api.get(path(made.body), as(admin))).body).toEqual(made.body);
  const { body: list } = await app.api.get('/admin/resources', as(admin));
  expect(list).toEqual({ items: [made.body], nextCursor: null });

  const scopes = [{ name: 'orders:write', description: 'Change your orders' }];
  const changed = await app.api.patch(path(made.body), { scopes, clientId: null }, as(admin));
  expect(changed.body).toEqual({ ...made.body, scopes, clientId: null });
  expect((await app.api.delete(path(made.body), as(admin))).status).toBe(204);
  const gone = await app.api.get(path(made.body), as(admin));
  expect(refusalOf(gone)).toEqual(refused(404, 'resources.not_found'));
});

describe('a resource is refused', () => {
  it.each([
    ['an identifier with a fragment', { identifier: 'https://a.example.com/#b' }, 'identifier'],
    ['a relative identifier', { identifier: '/orders' }, 'identifier'],
    ['one of another kind', { identifier: 'javascript:alert(1)' }, 'identifier'],
    ['no scope', { scopes: [] }, 'scopes'],
    ['a scope with a space', { scopes: [scope('a b')] }, 'scopes.0.name'],
    ['two scopes of one name', { scopes: [scope('a'), scope('a')] }, 'scopes'],
    ['a scope of OpenID Connect', { scopes: [scope('openid')] }, 'scopes'],
    ['a client that is not there', { clientId: NOBODY }, 'clientId'],
  ])('with %s', async (_, fields, field) => {
    const body = { identifier: 'https://new.example.com', name: 'New', scopes: [scope('new:a')] };
    expect(refusalOf(await create({ ...body, ...fields }))).toEqual(invalid(field));
  });

  it('with an identifier, or a scope, of another one, and with the name of this API', async () => {
    const { identifier } = await registerResource(app.api, admin, 'taken');
    const body = { identifier: 'https://other.example.com', name: 'Other', scopes: [scope('o:a')] };
    for (const name of [identifier, 'http://latchkey.test/oauth/userinfo']) {
      const answer = await create({ ...body, identifier: name });
      expect(refusalOf(answer)).toEqual(refused(409, 'resources.identifier_taken'));
    }
    const answer = await create({ ...body, scopes: [scope('o:a'), scope('taken:read')] });
    expect(refusalOf(answer)).toEqual(refused(409, 'resources.scope_taken'));
    expect((await create(body)).status).toBe(201);
  });
});

it('a client is registered with scopes that there are, and with no others', async () => {
  await registerResource(app.api, admin, 'known');
  const body = { name: 'Shop', roles: [], scopes: ['openid', 'known:read', 'unknown:read'] };
  const answer = await app.api.post('/admin/clients', body, as(admin));
  expect(refusalOf(answer)).toEqual(invalid('scopes'));
  const shop = await registerApp(app.api, admin, { scopes: ['openid', 'known:read'] });
  const change = (scopes: string[]) =>
    app.api.patch(`/admin/clients/${shop.id}`, { scopes }, as(admin));
  expect(refusalOf(await change(['unknown:read']))).toEqual(invalid('scopes'));
  expect((await change(['known:write'])).body.scopes).toEqual(['known:write']);
});

it('a scope that is gone is gone from clients, and does not come back by its name', async () => {
  const first = await registerResource(app.api, admin, 'reused');
  const shop = await registerApp(app.api, admin, { scopes: ['openid', 'reused:read'] });
  await app.api.delete(path(first), as(admin));
  await registerResource(app.api, admin, 'reused');
  const { body } = await app.api.get(`/admin/clients/${shop.id}`, as(admin));
  expect(body.scopes).toEqual(['openid']);
});

it('each change is on record', async () => {
  const { id } = await registerResource(app.api, admin, 'audited');
  await app.api.patch(path({ id }), { scopes: [scope('audited:read')] }, as(admin));
  await app.api.patch(path({ id }), { scopes: [scope('audited:read')] }, as(admin));
  await app.api.delete(path({ id }), as(admin));
  const { body } = await app.api.get(`/admin/audit-events?targetId=${id}`, as(admin));
  expect(
    body.items.map(({ action, actorId }: Record<string, string>) => [action, actorId]),
  ).toEqual([
    ['resource.deleted', admin.userId],
    ['resource.changed', admin.userId],
    ['resource.created', admin.userId],
  ]);
});

it('reading takes resources:read, and writing resources:write', async () => {
  await createRole(app, admin, 'catalogue', ['resources:read']);
  const reader = await signUpWithRoles(app, admin, ['catalogue']);
  expect((await app.api.get('/admin/resources', as(reader))).status).toBe(200);
  const answer = await app.api.post('/admin/resources', {}, as(reader));
  expect(refusalOf(answer)).toEqual(refused(403, 'access.forbidden'));
});

it('the command line makes, lists and removes them', async () => {
  const [list, make, remove] = ['list', 'create', 'delete'].map((what) =>
    resourcesCommands.find(({ name }) => name === `resources ${what}`),
  );
  if (!list || !make || !remove) throw new Error('A command is missing.');
  const made = await runHere(make, app, [
    ...['--identifier', 'urn:example:parcels', '--name', 'Parcels'],
    ...['--scope', 'parcels:read=See your parcels'],
  ]);
  const [, id = ''] = /^resource=(.*)\n$/.exec(made.output) ?? [];
  const { output } = await runHere(list, app, []);
  expect(output).toMatch(new RegExp(`^${id} +urn:example:parcels +Parcels +parcels:read$`, 'm'));
  expect((await runHere(remove, app, [id])).output).toBe(`${id} is removed.\n`);
  expect((await runHere(remove, app, [id])).error).toMatch(/no such resource/);
});
