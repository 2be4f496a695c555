import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRole, type SignedIn, signUpAdmin, signUpWithRoles } from '../builders/accounts.js';
import { refusalOf, refused } from '../support/refusal.js';
import { startTestApp } from '../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
/** May make and change roles, and holds what an editor may do. */
let editor: SignedIn;
let names = 0;

beforeAll(async () => {
  app = await startTestApp();
  admin = await signUpAdmin(app);
  await createRole(app, admin, 'editor', ['notes:*', 'bills:read', 'roles:*']);
  editor = await signUpWithRoles(app, admin, ['editor']);
});
afterAll(() => app[Symbol.asyncDispose]());

function newName(): string {
  names += 1;
  return `role-${names}`;
}
const create = (by: SignedIn, permissions: string[]) =>
  app.api.post('/admin/roles', { name: newName(), permissions }, { token: by.accessToken });
const change = (by: SignedIn, name: string, permissions: string[]) =>
  app.api.patch(`/admin/roles/${name}`, { permissions }, { token: by.accessToken });
const permissionsOf = async (name: string): Promise<string[]> =>
  (await app.api.get(`/admin/roles/${name}`, { token: admin.accessToken })).body.permissions;

const ESCALATION = refused(403, 'roles.escalation');

describe('nobody makes a role that permits what they do not hold', () => {
  it.each([[[]], [['notes:read']], [['notes:*', 'bills:read', 'roles:assign']]])(
    'an editor makes one of %j',
    async (permissions) => {
      expect((await create(editor, permissions)).status).toBe(201);
    },
  );

  it.each([
    [['*']],
    [['users:read']],
    [['bills:*']],
    [['bills:write']],
    [['notes:read', 'audit:read']],
  ])('an editor cannot make one of %j', async (permissions) => {
    const answer = await create(editor, permissions);
    expect(refusalOf(answer)).toEqual(ESCALATION);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope"');
  });
});

describe('nobody changes a role by what they do not hold', () => {
  it.each([
    { start: ['notes:read'], wanted: ['notes:write'], does: 'replaces what it holds' },
    { start: ['users:read'], wanted: ['users:read', 'notes:read'], does: 'adds what it holds' },
  ])('an editor $does', async ({ start, wanted }) => {
    const { name } = (await create(admin, start)).body;
    const answer = await change(editor, name, wanted);
    expect([answer.status, answer.body.permissions]).toEqual([200, wanted.sort()]);
  });

  it.each([
    { start: ['notes:read'], wanted: ['*'], does: 'make it one of everything' },
    { start: ['notes:read'], wanted: ['notes:read', 'users:delete'], does: 'add to it' },
    { start: ['users:read'], wanted: [], does: 'take from it' },
  ])('an editor cannot $does', async ({ start, wanted }) => {
    const { name } = (await create(admin, start)).body;
    expect(refusalOf(await change(editor, name, wanted))).toEqual(ESCALATION);
    expect(await permissionsOf(name)).toEqual(start);
  });

  it('nor the role that they hold, nor the one that everybody holds', async () => {
    const own = await change(editor, 'editor', ['notes:*', 'bills:*', 'roles:*']);
    expect(refusalOf(own)).toEqual(ESCALATION);
    expect(refusalOf(await change(editor, 'user', ['users:delete']))).toEqual(ESCALATION);
  });
});

it('the database says what somebody holds, whatever their token says', async () => {
  const former = await signUpWithRoles(app, admin, ['editor']);
  const { name } = (await create(admin, ['notes:read'])).body;
  // As when the revocation has not reached this instance yet: the token still opens the route.
  await app.stores.query('DELETE FROM user_roles WHERE user_id = $1', [former.userId]);
  expect(refusalOf(await create(former, ['notes:read']))).toEqual(ESCALATION);
  expect(refusalOf(await change(former, name, ['notes:write']))).toEqual(ESCALATION);
  expect(await permissionsOf(name)).toEqual(['notes:read']);
});

it('a role that grows while it is given away is never given by who does not hold all of it', async () => {
  for (let round = 0; round < 10; round += 1) {
    const { name } = (await create(admin, ['notes:read'])).body;
    const giver = await signUpWithRoles(app, admin, ['editor']);
    const [grown, given] = await Promise.all([
      change(admin, name, ['notes:read', 'users:delete']),
      app.api.put(
        `/admin/users/${giver.userId}/roles`,
        { roles: ['editor', name] },
        { token: giver.accessToken },
      ),
    ]);
    expect(grown.status).toBe(200);
    // Given first, it was theirs to give; grown first, it was not.
    expect([200, 403]).toContain(given.status);
    const events = await app.stores.query<{ action: string }>(
      `SELECT action FROM audit_events
       WHERE (action = 'role.changed' AND target_id = $1)
          OR (action = 'user.roles_changed' AND target_id = $2 AND actor_id = $2::uuid)
       ORDER BY created_at`,
      [name, giver.userId],
    );
    const order = events.map(({ action }) => action);
    expect(order).toEqual(
      given.status === 200 ? ['user.roles_changed', 'role.changed'] : ['role.changed'],
    );
  }
});

describe('the permissions that mean something', () => {
  const list = async (): Promise<string[]> => {
    const path = '/admin/permissions?limit=100';
    return (await app.api.get(path, { token: admin.accessToken })).body.items;
  };

  it('are those that a route demands or a role carries', async () => {
    const before = await list();
    expect(before).toEqual(
      expect.arrayContaining(['*', 'audit:read', 'roles:assign', 'sessions:revoke', 'users:write']),
    );
    const { name } = (await create(admin, ['parcels:send'])).body;
    expect(await list()).toEqual([...before, 'parcels:send'].sort());
    await app.api.delete(`/admin/roles/${name}`, { token: admin.accessToken });
    expect(await list()).toEqual(before);
  });
});
