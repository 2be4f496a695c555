import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createRole,
  type SignedIn,
  signUp,
  signUpAdmin,
  signUpWithRoles,
} from '../../builders/accounts.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';
import { repeated } from '../../support/test-depth.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
/** May use the routes for roles, and holds what an editor may do. */
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

describe('a new name is made by who holds * alone: a route may demand it, here or elsewhere', () => {
  it.each([[[]], [['notes:read']], [['notes:*', 'bills:read']], [['*']], [['users:read']]])(
    'an editor cannot make a role of %j',
    async (permissions) => {
      const answer = await create(editor, permissions);
      expect(refusalOf(answer)).toEqual(ESCALATION);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope"');
    },
  );

  it('one of everything by another name can', async () => {
    const name = newName();
    await createRole(app, admin, name, ['*']);
    const root = await signUpWithRoles(app, admin, [name]);
    expect((await create(root, ['users:read'])).status).toBe(201);
  });
});

describe('a role is changed by who holds it, and could give what it becomes', () => {
  /** A role that the editor holds: a new one each time. */
  async function held(permissions: string[]): Promise<{ name: string; holder: SignedIn }> {
    const { name } = (await create(admin, permissions)).body;
    return { name, holder: await signUpWithRoles(app, admin, ['editor', name]) };
  }

  it.each([
    { start: ['notes:read'], wanted: ['notes:write'], does: 'replaces what they hold' },
    { start: ['users:read'], wanted: ['notes:read', 'users:read'], does: 'adds what they hold' },
    { start: ['users:read'], wanted: [], does: 'empties it' },
  ])('its holder $does', async ({ start, wanted }) => {
    const { name, holder } = await held(start);
    const answer = await change(holder, name, wanted);
    expect([answer.status, answer.body.permissions]).toEqual([200, wanted]);
  });

  it.each([
    { start: ['notes:read'], wanted: ['*'], does: 'make it one of everything' },
    { start: ['notes:read'], wanted: ['notes:read', 'users:delete'], does: 'add to it' },
  ])('its holder cannot $does', async ({ start, wanted }) => {
    const { name, holder } = await held(start);
    expect(refusalOf(await change(holder, name, wanted))).toEqual(ESCALATION);
    expect(await permissionsOf(name)).toEqual(start);
  });

  it.each([
    { start: [], wanted: ['notes:read'], does: 'fill an empty one with what they hold' },
    { start: ['notes:read'], wanted: ['notes:write'], does: 'replace in it what they hold' },
    { start: ['users:read'], wanted: [], does: 'empty it' },
  ])('who does not hold it cannot $does', async ({ start, wanted }) => {
    const { name } = (await create(admin, start)).body;
    expect(refusalOf(await change(editor, name, wanted))).toEqual(ESCALATION);
    const described = { description: 'Mine.' };
    const as = { token: editor.accessToken };
    const answer = await app.api.patch(`/admin/roles/${name}`, described, as);
    expect(refusalOf(answer)).toEqual(ESCALATION);
    expect(await permissionsOf(name)).toEqual(start);
  });

  it('nor the role of every account beyond what its changer holds', async () => {
    expect(refusalOf(await change(editor, 'user', ['users:delete']))).toEqual(ESCALATION);
  });
});

it('a role that nobody holds is deleted, and made anew, by who holds * alone', async () => {
  for (const permissions of [[], ['notes:read']]) {
    const { name } = (await create(admin, permissions)).body;
    const path = `/admin/roles/${name}`;
    const refusal = await app.api.delete(path, { token: editor.accessToken });
    expect(refusalOf(refusal)).toEqual(ESCALATION);
    expect((await app.api.delete(path, { token: admin.accessToken })).status).toBe(204);
    const body = { name, permissions: ['notes:read'] };
    const anew = await app.api.post('/admin/roles', body, { token: editor.accessToken });
    expect(refusalOf(anew)).toEqual(ESCALATION);
  }
});

it('the database says what somebody holds, whatever their token says', async () => {
  const { name } = (await create(admin, ['notes:read'])).body;
  const former = await signUpWithRoles(app, admin, ['editor', name]);
  // As when the revocation has not reached this instance yet: the token still opens the route.
  await app.stores.query('DELETE FROM user_roles WHERE user_id = $1', [former.userId]);
  expect(refusalOf(await create(former, ['notes:read']))).toEqual(ESCALATION);
  expect(refusalOf(await change(former, name, ['notes:write']))).toEqual(ESCALATION);
  expect(await permissionsOf(name)).toEqual(['notes:read']);
});

it('a role that is taken away while its holder gives it is given first, or not at all', async () => {
  const { name } = (await create(admin, ['notes:read'])).body;
  for (let round = 0; round < repeated({ quick: 3, full: 10 }); round += 1) {
    const giver = await signUpWithRoles(app, admin, ['editor', name]);
    const { userId } = await signUp(app);
    const [taken, given] = await Promise.all([
      app.api.put(
        `/admin/users/${giver.userId}/roles`,
        { roles: ['editor'] },
        { token: admin.accessToken },
      ),
      app.api.put(
        `/admin/users/${userId}/roles`,
        { roles: ['user', name] },
        { token: giver.accessToken },
      ),
    ]);
    expect(taken.status).toBe(200);
    // 401: the guard knows already that the token is stale.
    expect([200, 401, 403]).toContain(given.status);
    const events = await app.stores.query<{ target: string }>(
      `SELECT target_id AS target FROM audit_events
       WHERE action = 'user.roles_changed' AND details->>'given' = $1 AND target_id = $2
          OR action = 'user.roles_changed' AND details->>'taken' = $1 AND target_id = $3
       ORDER BY created_at`,
      [JSON.stringify([name]), userId, giver.userId],
    );
    const order = events.map(({ target }) => target);
    expect(order).toEqual(given.status === 200 ? [userId, giver.userId] : [giver.userId]);
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
