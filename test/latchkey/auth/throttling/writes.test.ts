/** Whatever writes is bounded for each user and each service: nothing grows by a loop. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  PASSWORD,
  type SignedIn,
  signIn,
  signUp,
  signUpAdmin,
} from '../../../builders/accounts.js';
import { type Client, clientToken, createClient, postForm } from '../../../builders/clients.js';
import { expectProblem } from '../../../support/expect-problem.js';
import { startTestApp } from '../../../support/test-app.js';
import { letTimePass, retryAfterOf, THROTTLED } from './guesses.js';

const CODE = 'throttle.too_many_requests';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
beforeAll(async () => {
  app = await startTestApp({
    ...THROTTLED,
    THROTTLE_USER_WRITES: '5',
    THROTTLE_ADMIN_WRITES: '10',
    THROTTLE_CLIENT_TOKENS: '4',
    THROTTLE_CLIENT_REVOCATIONS: '3',
  });
  admin = await signUpAdmin(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const countEvents = async (condition: string, value: string): Promise<number> => {
  const sql = `SELECT count(*)::int AS count FROM audit_events WHERE ${condition}`;
  const [row] = await app.stores.query<{ count: number }>(sql, [value]);
  return row?.count ?? 0;
};

it('PATCH /users/me in a loop', async () => {
  const { userId, accessToken: token } = await signUp(app);
  const statuses: number[] = [];
  for (let turn = 0; turn < 8; turn += 1) {
    statuses.push((await app.api.patch('/users/me', { name: `N ${turn}` }, { token })).status);
  }
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
  const refused = await app.api.patch('/users/me', { name: 'N' }, { token });
  expectProblem(refused, 429, CODE);
  expect(retryAfterOf(refused)).toBeGreaterThan(30);
  expect(refused.headers.get('ratelimit')).toMatch(/^"own-writes";r=0;t=\d+$/);
  expect(await countEvents(`action = 'user.profile_changed' AND actor_id = $1`, userId)).toBe(5);

  expect((await app.api.get('/users/me', { token })).status).toBe(200);
  const other = await signUp(app);
  const theirs = await app.api.patch('/users/me', { name: 'B' }, { token: other.accessToken });
  expect(theirs.status).toBe(200);
  await letTimePass(app.stores, 60);
  expect((await app.api.patch('/users/me', { name: 'again' }, { token })).status).toBe(200);
});

it('a thief’s writes do not keep the owner from ending the stolen session, or from a new password', async () => {
  const stolen = await signUp(app);
  const token = stolen.accessToken;
  const noSession = `/auth/sessions/${stolen.userId}`;
  for (let turn = 0; turn < 6; turn += 1) {
    await app.api.patch('/users/me', { name: `N ${turn}` }, { token });
    await app.api.delete(noSession, { token });
  }
  expectProblem(await app.api.patch('/users/me', { name: 'N' }, { token }), 429, CODE);
  expectProblem(await app.api.delete(noSession, { token }), 429, CODE);

  const owner = { token: (await signIn(app.api, stolen.email)).accessToken };
  const passwords = { currentPassword: PASSWORD, newPassword: `${PASSWORD} and another` };
  expect((await app.api.delete(`/auth/sessions/${stolen.sessionId}`, owner)).status).toBe(204);
  expect((await app.api.post('/auth/password/change', passwords, owner)).status).toBe(200);
});

it('an administrator’s changes, of whatever kind, apart from those of their own account', async () => {
  const chief = await signUpAdmin(app);
  const token = chief.accessToken;
  const acts = [
    (turn: number) =>
      app.api.post('/admin/roles', { name: `r-${turn}`, permissions: [] }, { token }),
    () =>
      app.api.put(`/admin/users/${chief.userId}/roles`, { roles: ['admin', 'user'] }, { token }),
    () => app.api.post('/admin/clients', { name: 'c', roles: [] }, { token }),
    () => app.api.delete(`/admin/users/${admin.userId}/sessions`, { token }),
  ];
  const statuses: number[] = [];
  for (let turn = 0; turn < 12; turn += 1) {
    statuses.push((await acts[turn % acts.length]?.(turn))?.status ?? 0);
  }
  expect(statuses.slice(0, 10).every((status) => status < 300)).toBe(true);
  expect(statuses.slice(10)).toEqual([429, 429]);
  expect((await app.api.get('/admin/roles', { token })).status).toBe(200);
  expect((await app.api.patch('/users/me', { name: 'Chief' }, { token })).status).toBe(200);
});

it('a service that asks for tokens and revokes them in a loop', async () => {
  const boss = await signUpAdmin(app);
  const client = await createClient(app.api, boss);
  const other = await createClient(app.api, boss);
  const form = (path: string, by: Client, extra: Record<string, string>) =>
    postForm(app.api, path, extra, by);
  const ask = (by: Client) => form('/oauth/token', by, { grant_type: 'client_credentials' });

  const tokens: string[] = [];
  for (let turn = 0; turn < 4; turn += 1) tokens.push((await ask(client)).body.access_token);
  const refused = await ask(client);
  expect([refused.status, refused.body.code]).toEqual([429, CODE]);
  expect(retryAfterOf(refused)).toBeGreaterThan(30);

  const statuses: number[] = [];
  for (const token of tokens) {
    statuses.push((await form('/oauth/revoke', client, { token })).status);
  }
  expect(statuses).toEqual([200, 200, 200, 429]);
  expect(await countEvents(`action = 'token.revoked' AND actor_id = $1`, client.id)).toBe(3);
  expect(await clientToken(app.api, other)).toEqual(expect.any(String));
});
