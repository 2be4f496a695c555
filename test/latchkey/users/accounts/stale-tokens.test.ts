import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MakeStale } from '../../../../src/latchkey/users/accounts/make-stale.js';
import {
  createRole,
  grantRoles,
  type SignedIn,
  signUp,
  signUpAdmin,
  signUpWithRoles,
} from '../../../builders/accounts.js';
import { eventually } from '../../../support/eventually.js';
import { recordStatements } from '../../../support/recorded-statements.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { TestApp } from '../../../support/test-app.js';

let stores: Stores;
let app: TestApp;
/** Hears of revocations through Redis alone: its next look into the log is an hour away. */
let elsewhere: TestApp;
let admin: SignedIn;

beforeAll(async () => {
  stores = await createStores();
  const env = { REVOCATION_POLL_SECONDS: '3600' };
  [app, elsewhere] = await Promise.all([
    TestApp.start({ stores, env }),
    TestApp.start({ stores, env }),
  ]);
  admin = await signUpAdmin(app);
});
afterAll(async () => {
  await Promise.all([app.stop(), elsewhere.stop()]);
  await stores.drop();
});

const me = (at: TestApp, { accessToken }: SignedIn) =>
  at.api.get('/auth/me', { token: accessToken });
const asAdmin = () => ({ token: admin.accessToken });
const changeRole = (name: string, body: unknown) =>
  app.api.patch(`/admin/roles/${name}`, body, asAdmin());

let roles = 0;
async function newRole(permissions: string[]): Promise<string> {
  roles += 1;
  await createRole(app, admin, `role-${roles}`, permissions);
  return `role-${roles}`;
}

/** Warms both instances, so that the token is one that they have verified and remembered. */
async function expectAccepted(...users: SignedIn[]): Promise<void> {
  for (const user of users) {
    for (const at of [app, elsewhere]) expect((await me(at, user)).status).toBe(200);
  }
}

async function expectRefused(user: SignedIn, code: string): Promise<void> {
  expect(refusalOf(await me(app, user))).toEqual(refused(401, code));
  await eventually(
    async () => expect(refusalOf(await me(elsewhere, user))).toEqual(refused(401, code)),
    { within: 2 },
  );
}

/** The same session, refreshed where the change was not made. */
async function refreshed({ refreshToken, ...user }: SignedIn): Promise<SignedIn> {
  const { status, body } = await elsewhere.api.post('/auth/refresh', { refreshToken });
  expect([status, body.sessionId]).toEqual([200, user.sessionId]);
  return { ...user, accessToken: body.accessToken, refreshToken: body.refreshToken };
}

describe('an access token that says more, or less, than its user may do is refused at once', () => {
  it.each([
    { change: 'a role is taken away', start: ['editing', 'user'], wanted: ['user'] },
    { change: 'every role is taken away', start: ['editing'], wanted: [] },
    { change: 'a role is given', start: ['user'], wanted: ['editing', 'user'] },
  ])('when $change; a refresh brings the roles of now', async ({ start, wanted }) => {
    const role = await newRole(['notes:read']);
    const named = (names: string[]) => names.map((name) => (name === 'editing' ? role : name));
    const user = await signUpWithRoles(app, admin, named(start));
    const bystander = await signUpWithRoles(app, admin, named(start));
    await expectAccepted(user, bystander);

    await grantRoles(app, admin, user.userId, named(wanted));
    await expectRefused(user, 'access.token_stale');
    await expectAccepted(bystander, admin);

    const now = await refreshed(user);
    await expectAccepted(now);
    const { body } = await me(app, now);
    expect(body.roles).toEqual(named(wanted));
    expect(body.permissions).toEqual(wanted.includes('editing') ? ['notes:read'] : []);
  });

  it('when the id in the path is written in capitals', async () => {
    const user = await signUp(app);
    const path = `/admin/users/${user.userId.toUpperCase()}/roles`;
    expect((await app.api.put(path, { roles: [] }, asAdmin())).status).toBe(200);
    await expectRefused(user, 'access.token_stale');
  });

  it.each([
    { change: 'permits more', permissions: ['notes:read', 'notes:write'] },
    { change: 'permits less', permissions: [] },
    { change: 'permits something else', permissions: ['bills:read'] },
  ])('when a role of its user $change; others go on', async ({ permissions }) => {
    const role = await newRole(['notes:read']);
    const user = await signUpWithRoles(app, admin, [role]);
    const bystander = await signUpWithRoles(app, admin, [await newRole(['notes:read'])]);
    await expectAccepted(user, bystander);

    expect((await changeRole(role, { permissions })).status).toBe(200);
    await expectRefused(user, 'access.token_stale');
    await expectAccepted(bystander, admin);

    const now = await refreshed(user);
    await expectAccepted(now);
    expect((await me(elsewhere, now)).body.permissions).toEqual(permissions);
  });

  it('so a right that was taken is gone on the next request, and one that was given is there', async () => {
    const role = await newRole(['users:read']);
    const user = await signUpWithRoles(app, admin, [role]);
    const list = (by: SignedIn) => app.api.get('/admin/users', { token: by.accessToken });
    expect((await list(user)).status).toBe(200);
    await changeRole(role, { permissions: [] });
    expect((await list(user)).status).toBe(401);
    const without = await refreshed(user);
    expect((await list(without)).status).toBe(403);
    await changeRole(role, { permissions: ['users:*'] });
    expect((await list(await refreshed(without))).status).toBe(200);
  });
});

it('a role that ten thousand users hold is changed by what changes one that nobody holds', async () => {
  const [lonely, crowded] = [await newRole(['notes:read']), await newRole(['notes:read'])];
  const user = await signUpWithRoles(app, admin, [crowded]);
  await stores.query(
    `WITH crowd AS (
       INSERT INTO users (id, email, email_key)
       SELECT gen_random_uuid(), name, name
       FROM (SELECT 'crowd-' || number || '@example.com' AS name
         FROM generate_series(1, 10000) AS number) AS names
       RETURNING id)
     INSERT INTO user_roles (user_id, role_name) SELECT id, $1 FROM crowd`,
    [crowded],
  );
  const edit = (role: string) =>
    recordStatements(async () => {
      expect((await changeRole(role, { permissions: ['notes:write'] })).status).toBe(200);
    });
  const logged = async () =>
    (await stores.query('SELECT kind, subject FROM revocation_log ORDER BY id')).slice(before);
  const before = (await stores.query('SELECT FROM revocation_log')).length;

  const statements = await edit(lonely);
  expect(await edit(crowded)).toEqual(statements);
  expect(await logged()).toEqual([
    { kind: 'role-version', subject: lonely },
    { kind: 'role-version', subject: crowded },
  ]);
  const writes = statements.filter((sql) => /^\s*(INSERT|UPDATE|DELETE)/.test(sql));
  expect(writes.filter((sql) => /users|user_roles|sessions/.test(sql))).toEqual([]);
  await expectRefused(user, 'access.token_stale');
});

it('a team’s own facts about a user have changed: tokens are stale everywhere, and nobody is signed out', async () => {
  const user = await signUp(app);
  const bystander = await signUp(app);
  await expectAccepted(user, bystander);
  expect(await app.nest.get(MakeStale, { strict: false }).now(user.userId)).toBe(true);
  await expectRefused(user, 'access.token_stale');
  const { refreshToken } = user;
  const { body } = await elsewhere.api.post('/auth/refresh', { refreshToken });
  await expectAccepted(bystander, { ...user, accessToken: body.accessToken });
});

it('nothing goes stale when nothing has changed that a token says', async () => {
  const role = await newRole(['notes:read']);
  const user = await signUpWithRoles(app, admin, [role, 'user']);
  await changeRole(role, { description: 'Reads notes.' });
  await changeRole(role, { permissions: ['notes:read', 'notes:read'] });
  await grantRoles(app, admin, user.userId, ['user', role, role]);
  await app.api.patch('/users/me', { name: 'Ada' }, { token: user.accessToken });
  await expectAccepted(user);
});

describe('a user who is shut out is refused at once, everywhere', () => {
  const path = ({ userId }: SignedIn) => `/admin/users/${userId}`;
  it.each([
    ['disabled', (user: SignedIn) => app.api.patch(path(user), { status: 'disabled' }, asAdmin())],
    ['deleted', (user: SignedIn) => app.api.delete(path(user), asAdmin())],
    ['signed out', (user: SignedIn) => app.api.delete(`${path(user)}/sessions`, asAdmin())],
  ])('%s', async (_, shutOut) => {
    const user = await signUp(app);
    const bystander = await signUp(app);
    await expectAccepted(user, bystander);
    expect((await shutOut(user)).status).toBeLessThan(300);
    await expectRefused(user, 'access.token_revoked');
    const { refreshToken } = user;
    expect((await elsewhere.api.post('/auth/refresh', { refreshToken })).status).toBe(401);
    await expectAccepted(bystander);
  });
});
