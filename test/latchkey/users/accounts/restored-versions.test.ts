import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  createRole,
  grantRoles,
  type SignedIn,
  signIn,
  signUp,
  signUpAdmin,
} from '../../../builders/accounts.js';
import { clientToken, createClient } from '../../../builders/clients.js';
import { eventually } from '../../../support/eventually.js';
import { startTestApp } from '../../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signUpAdmin(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const statusOf = async ({ accessToken: token }: SignedIn) =>
  (await app.api.get('/auth/me', { token })).status;

it('a database that is restored under a running service makes nobody stale who signs in or refreshes', async () => {
  const session = await signUp(app);
  await createRole(app, admin, 'clerk', ['orders:read']);
  const [versions] = await stored(session);
  await grantRoles(app, admin, session.userId, ['clerk', 'user']);
  for (const role of ['clerk', 'user']) {
    const changes = { permissions: [`${role}:read`] };
    const token = admin.accessToken;
    expect((await app.api.patch(`/admin/roles/${role}`, changes, { token })).status).toBe(200);
    admin = await signIn(app.api, admin.email);
  }
  const [raised] = await stored(session);
  const restore = async () => {
    await app.stores.query('UPDATE users SET authorization_version = $2 WHERE id = $1', [
      session.userId,
      versions?.user,
    ]);
    await app.stores.query('UPDATE role_definitions SET version = $1', [versions?.roles]);
  };
  const isRaised = () =>
    eventually(async () => expect(await stored(session)).toEqual([raised]), { within: 5 });

  await restore();
  const anew = await signIn(app.api, session.email);
  expect(await statusOf(anew)).toBe(200);
  await isRaised();
  await restore();
  const { refreshToken } = session;
  const { body } = await app.api.post('/auth/refresh', { refreshToken });
  expect(await statusOf({ ...session, accessToken: body.accessToken })).toBe(200);
  // And what changes from now on is noticed again.
  await isRaised();
  await grantRoles(app, admin, session.userId, ['user']);
  expect(await statusOf(anew)).toBe(401);
});

it('nor a service: the version of its row is raised again as well', async () => {
  const client = await createClient(app.api, admin);
  const { accessToken: token } = admin;
  const roles = ['user'];
  expect((await app.api.patch(`/admin/clients/${client.id}`, { roles }, { token })).status).toBe(
    200,
  );
  const version = async () => {
    const rows = await app.stores.query<{ version: number }>(
      'SELECT authorization_version AS version FROM oauth_clients WHERE id = $1',
      [client.id],
    );
    return rows[0]?.version;
  };
  expect(await version()).toBe(2);
  await app.stores.query('UPDATE oauth_clients SET authorization_version = 1 WHERE id = $1', [
    client.id,
  ]);

  const access = { token: await clientToken(app.api, client) };
  expect((await app.api.get('/auth/me', access)).status).not.toBe(401);
  await eventually(async () => expect(await version()).toBe(2), { within: 5 });
});

function stored({ userId }: SignedIn) {
  return app.stores.query<{ user: number; roles: number }>(
    `SELECT authorization_version AS user, (SELECT version FROM role_definitions) AS roles
     FROM users WHERE id = $1`,
    [userId],
  );
}
