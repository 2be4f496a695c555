import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createRole,
  type SignedIn,
  signUpAdmin,
  signUpWithRoles,
} from '../../builders/accounts.js';
import { invalid, refusalOf, refused } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let as: { token: string };

beforeAll(async () => {
  app = await startTestApp();
  // Without the role user, which is changed below: what changes a role makes its tokens stale.
  admin = await signUpWithRoles(app, await signUpAdmin(app), ['admin']);
  as = { token: admin.accessToken };
});
afterAll(() => app[Symbol.asyncDispose]());

const create = (body: unknown) => app.api.post('/admin/roles', body, as);
const read = (name: string) => app.api.get(`/admin/roles/${name}`, as);
const change = (name: string, body: unknown) => app.api.patch(`/admin/roles/${name}`, body, as);
const remove = (name: string) => app.api.delete(`/admin/roles/${name}`, as);

const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

it.each([
  ['admin', ['*']],
  ['user', []],
])('the role %s comes with the product', async (name, permissions) => {
  const { status, body } = await read(name);
  expect([status, body]).toEqual([
    200,
    {
      name,
      description: expect.any(String),
      permissions,
      requiredAcr: null,
      builtIn: true,
      createdAt: INSTANT,
      updatedAt: INSTANT,
    },
  ]);
});

describe('making a role', () => {
  it('answers the role, its permissions once each and sorted', async () => {
    const permissions = ['notes:write', 'notes:read', 'bills:*', 'notes:read'];
    const { status, body } = await create({ name: 'writer', description: 'Writes.', permissions });
    expect(status).toBe(201);
    expect(body).toEqual({
      name: 'writer',
      description: 'Writes.',
      permissions: ['bills:*', 'notes:read', 'notes:write'],
      requiredAcr: null,
      builtIn: false,
      createdAt: INSTANT,
      updatedAt: INSTANT,
    });
    expect((await read('writer')).body).toEqual(body);
    expect((await app.api.get('/admin/roles?limit=100', as)).body.items).toContainEqual(body);
  });

  it.each(['a', 'a'.repeat(63), 'on-call_2'])('of the name %s', async (name) => {
    expect((await create({ name, permissions: [] })).status).toBe(201);
  });

  it.each(['admin', 'user', 'twice'])('refuses the name %s, which is taken', async (name) => {
    await create({ name: 'twice', permissions: [] });
    const answer = await create({ name, permissions: ['*'] });
    expect(refusalOf(answer)).toEqual(refused(409, 'roles.name_taken'));
  });

  it('gives a name to one of ten who ask for it at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => create({ name: 'contested', permissions: [] })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)]);
  });

  it.each(['', 'Admin', '1st', 'a b', 'a'.repeat(64), 'rôle', 'a\n', '__proto__', 7, null, ['a']])(
    'refuses the name %j',
    async (name) => {
      expect(refusalOf(await create({ name, permissions: [] }))).toEqual(invalid('name'));
    },
  );

  it.each([
    [['notes']],
    [['Notes:read']],
    [['notes:read:all']],
    [['*:read']],
    [['**']],
    [['notes: read']],
    [['notes:read\n']],
    [['']],
    [[7]],
    [[null]],
    [[['notes:read']]],
    ['notes:read'],
    [{ 0: 'notes:read' }],
    [null],
    [Array.from({ length: 101 }, (_, index) => `notes:read${index}`)],
  ])('refuses the permissions %j', async (permissions) => {
    expect(refusalOf(await create({ name: 'wrong', permissions }))).toEqual(invalid('permissions'));
  });

  it.each([
    [{}, ['name', 'permissions']],
    [{ name: 'wrong', permissions: [], builtIn: true }, ['builtIn']],
    [{ name: 'wrong', permissions: [], description: 7 }, ['description']],
    [{ name: 'wrong', permissions: [], description: 'x'.repeat(501) }, ['description']],
  ])('refuses %j', async (body, fields) => {
    expect(refusalOf(await create(body))).toEqual(invalid(...fields));
  });
});

describe('changing a role', () => {
  it('leaves what is absent', async () => {
    await create({ name: 'partly', description: 'First.', permissions: ['notes:read'] });
    const described = await change('partly', { description: 'Second.' });
    expect(described.status).toBe(200);
    expect(described.body).toMatchObject({ description: 'Second.', permissions: ['notes:read'] });
    const permitted = await change('partly', { permissions: ['notes:write'] });
    expect(permitted.body).toMatchObject({ description: 'Second.', permissions: ['notes:write'] });
    const bare = await change('partly', { description: null });
    expect(bare.body).toMatchObject({ description: null, permissions: ['notes:write'] });
    expect((await change('partly', {})).body).toEqual(bare.body);
    expect((await read('partly')).body).toEqual(bare.body);
  });

  it('never what the admin may do: every other role could be lost', async () => {
    const answer = await change('admin', { permissions: ['users:read'] });
    expect(refusalOf(answer)).toEqual(refused(409, 'roles.in_use'));
    expect((await read('admin')).body.permissions).toEqual(['*']);
    expect((await change('admin', { description: 'All of it.' })).status).toBe(200);
  });

  it('also what every account may do', async () => {
    expect((await change('user', { permissions: ['notes:read'] })).status).toBe(200);
    expect((await change('user', { permissions: [] })).body.permissions).toEqual([]);
  });

  it.each([
    [{ name: 'other' }, 'name'],
    [{ builtIn: true }, 'builtIn'],
    [{ permissions: null }, 'permissions'],
    [{ permissions: ['notes'] }, 'permissions'],
    [{ permissions: Array(101).fill('notes:read') }, 'permissions'],
    [{ description: ['x'] }, 'description'],
    [{ description: 'a\0b' }, 'description'],
  ])('refuses %j', async (body, field) => {
    expect(refusalOf(await change('user', body))).toEqual(invalid(field));
  });
});

describe('deleting a role', () => {
  it('that nobody holds', async () => {
    await create({ name: 'unused', permissions: ['notes:read'] });
    const gone = await remove('unused');
    expect([gone.status, gone.text]).toEqual([204, '']);
    expect(refusalOf(await read('unused'))).toEqual(refused(404, 'roles.not_found'));
    expect(refusalOf(await remove('unused'))).toEqual(refused(404, 'roles.not_found'));
    expect((await create({ name: 'unused', permissions: [] })).status).toBe(201);
  });

  it.each(['admin', 'user'])('never %s', async (name) => {
    expect(refusalOf(await remove(name))).toEqual(refused(409, 'roles.in_use'));
    expect((await read(name)).status).toBe(200);
  });

  it('not while somebody holds it', async () => {
    await createRole(app, admin, 'held', ['notes:read']);
    const holder = await signUpWithRoles(app, admin, ['held']);
    expect(refusalOf(await remove('held'))).toEqual(refused(409, 'roles.in_use'));
    expect((await app.api.get('/auth/me', { token: holder.accessToken })).status).toBe(200);
  });
});

describe.each(['GET', 'PATCH', 'DELETE'])('%s /admin/roles/:name', (method) => {
  const call = (name: string) => {
    const body = method === 'PATCH' ? { permissions: ['*'] } : undefined;
    return app.api.send<Record<string, unknown>>(method, `/admin/roles/${name}`, body, as);
  };

  it.each(['nobody', 'constructor', 'b'.repeat(63)])('knows no role %s', async (name) => {
    expect(refusalOf(await call(name))).toEqual(refused(404, 'roles.not_found'));
  });

  it.each(['Admin', '%20admin', "admin'--", '__proto__', 'a'.repeat(64), '..%2Froles', 'a%00'])(
    'refuses %s, which cannot be the name of a role',
    async (name) => {
      expect(refusalOf(await call(name))).toEqual(invalid('name'));
    },
  );
});
