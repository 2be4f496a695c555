import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ImportUsers } from '../../../src/latchkey/users/accounts/import-users.js';
import {
  grantRoles,
  type SignedIn,
  signUp,
  signUpAdmin,
  uniqueEmail,
} from '../../builders/accounts.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
beforeAll(async () => {
  app = await startTestApp({ DEFAULT_ROLE: 'member' });
  admin = await signUpAdmin(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const rolesOf = ({ accessToken }: SignedIn) => decodeJwt(accessToken).roles;

it('DEFAULT_ROLE is what every new account gets, and is made at start', async () => {
  expect(rolesOf(await signUp(app))).toEqual(['member']);
  expect(rolesOf(admin)).toEqual(['admin', 'member']);
  const { body } = await app.api.get('/admin/roles/member', { token: admin.accessToken });
  expect(body).toMatchObject({ permissions: [], builtIn: true });
});

it('is what an imported account gets whose line names no roles', async () => {
  const email = uniqueEmail();
  const bytes = Buffer.from(JSON.stringify({ email, passwordHash: null }));
  const lines = (async function* () {
    yield { number: 1, bytes };
  })();
  const importUsers = app.nest.get(ImportUsers, { strict: false });
  const counts = await importUsers.import(lines, {
    name: 'users.ndjson',
    dryRun: false,
    report: async () => undefined,
  });
  expect(counts).toMatchObject({ imported: 1, refused: 0 });
  const [held] = await app.stores.query<{ role_name: string }>(
    'SELECT role_name FROM user_roles JOIN users u ON u.id = user_id WHERE email = $1',
    [email],
  );
  expect(held?.role_name).toBe('member');
});

it('cannot be deleted, so that nobody is kept from registering', async () => {
  const answer = await app.api.delete('/admin/roles/member', { token: admin.accessToken });
  expect(refusalOf(answer)).toEqual(refused(409, 'roles.in_use'));
});

it('can be given by everybody who may assign roles, and the former one only by those who hold it', async () => {
  const role = { name: 'support', permissions: ['roles:assign', 'users:read'] };
  await app.api.post('/admin/roles', role, { token: admin.accessToken });
  const [support, other] = [await signUp(app), await signUp(app)];
  await grantRoles(app, admin, support.userId, ['support']);
  const { body } = await app.api.post('/auth/refresh', { refreshToken: support.refreshToken });
  const assign = (roles: string[]) =>
    app.api.put(`/admin/users/${other.userId}/roles`, { roles }, { token: body.accessToken });
  expect(refusalOf(await assign(['user']))).toEqual(refused(403, 'roles.escalation'));
  expect((await assign([])).status).toBe(200);
  expect((await assign(['member'])).status).toBe(200);
});
