import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MeView } from '../../../../src/latchkey/auth/account/account.dto.js';
import { grantRoles, type SignedIn, signIn, signUpAdmin } from '../../../builders/accounts.js';
import { makeStale, signUpClient } from '../../../builders/signed-in-client.js';
import { Gateway, refuse } from '../../../support/gateway.js';
import { RequestLog } from '../../../support/request-log.js';
import { startTestApp } from '../../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;

beforeAll(async () => {
  app = await startTestApp();
  admin = await signUpAdmin(app);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

const read = async <Body>(response: Response) => (await response.json()) as Body;

it('says who is signed in, by the claims of the token', async () => {
  const { client } = await signUpClient(app);
  const me = await read<MeView>(await client.fetch('/auth/me'));
  expect(client.principal).toMatchObject({
    userId: me.userId,
    sessionId: me.sessionId,
    roles: ['user'],
    permissions: me.permissions,
    claims: { iss: 'http://latchkey.test', sub: me.userId },
  });
});

it('makes one refresh of fifty parallel calls whose token is refused', async () => {
  const { client, heard } = await signUpClient(app);
  await makeStale(app, admin, client);
  const log = new RequestLog(app);
  const calls = Array.from({ length: 50 }, () => client.fetch('/auth/me'));
  const statuses = (await Promise.all(calls)).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(log.refreshes).toHaveLength(1);
  expect(log.to('/auth/me').length).toBeLessThanOrEqual(100);
  expect(heard).toEqual([client.principal?.sessionId]);
});

it.each([
  ['access.token_expired', 200],
  ['access.token_invalid', 200],
  ['access.token_revoked', 200],
  ['access.token_stale', 200],
  ['access.unauthenticated', 401],
  ['auth.invalid_credentials', 401],
])('asks the server what it thinks of a token that is refused by %s', async (code, status) => {
  let refused = false;
  await using gateway = await Gateway.start(app.origin, (path, response) => {
    if (refused || path !== '/auth/me') return false;
    refused = true;
    return refuse(response, 401, code);
  });
  const { client } = await signUpClient(gateway);
  const log = new RequestLog(app);
  expect((await client.fetch('/auth/me')).status).toBe(status);
  expect(log.refreshes).toHaveLength(status === 200 ? 1 : 0);
});

it('comes back with the new roles after they were changed, once and signed in', async () => {
  const { client, heard } = await signUpClient(app);
  const log = new RequestLog(app);
  await grantRoles(app, admin, client.principal?.userId ?? '', ['admin']);
  expect((await client.fetch('/admin/users')).status).toBe(200);
  expect(client.principal?.roles).toEqual(['admin']);
  expect(log.refreshes).toHaveLength(1);
  expect(heard).not.toContain(null);
});

it('repeats what it sent, headers and body included', async () => {
  const { client } = await signUpClient(app);
  const body = JSON.stringify({ name: 'Ada' });
  const init = { method: 'PATCH', body, headers: { 'Content-Type': 'application/json' } };
  for (const [name, call] of Object.entries({
    text: () => client.fetch('/users/me', init),
    bytes: () => client.fetch('/users/me', { ...init, body: new TextEncoder().encode(body) }),
    request: () => client.fetch(new Request(`${app.origin}/users/me`, init)),
  })) {
    await makeStale(app, admin, client);
    const log = new RequestLog(app);
    const response = await call();
    const profile = await read<{ name: string }>(response);
    expect([name, response.status, profile.name]).toEqual([name, 200, 'Ada']);
    expect(log.to('/users/me').map(({ status }) => status)).toEqual([401, 200]);
  }
});

it('does not repeat a stream: its 401 is returned, and the next call has a new token', async () => {
  const { client } = await signUpClient(app);
  await makeStale(app, admin, client);
  const log = new RequestLog(app);
  const body = new Blob([JSON.stringify({ name: 'Ada' })]).stream();
  const init = { method: 'PATCH', body, duplex: 'half' } as const;
  const headers = { 'Content-Type': 'application/json' };
  expect((await client.fetch('/users/me', { ...init, headers })).status).toBe(401);
  expect((await client.fetch('/users/me')).status).toBe(200);
  expect(log.to('/users/me').map(({ status }) => status)).toEqual([401, 200]);
});

it('renews once, and not for every call, where a service refuses every token', async () => {
  await using gateway = await Gateway.start(app.origin, (path, response) =>
    path === '/elsewhere' ? refuse(response, 401, 'access.token_invalid') : false,
  );
  const { client, heard } = await signUpClient(gateway);
  const log = new RequestLog(app);
  for (let call = 0; call < 5; call++) {
    expect((await client.fetch('/elsewhere')).status).toBe(401);
  }
  expect([log.refreshes.length, heard]).toEqual([1, [client.principal?.sessionId]]);
  expect((await client.fetch('/auth/me')).status).toBe(200);
});

it('ends by the server’s word alone, and tells so once', async () => {
  const { client, email, heard } = await signUpClient(app);
  const other = await signIn(app.api, email);
  await app.api.post('/auth/logout-all', undefined, { token: other.accessToken });
  const over = { code: 'auth.session_revoked', status: 401 };
  await expect(client.fetch('/auth/me')).rejects.toMatchObject(over);
  expect((await client.fetch('/auth/me')).status).toBe(401);
  expect([client.principal, heard]).toEqual([null, [null]]);
});
