import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { PASSWORD, signUp } from '../../../builders/accounts.js';
import { signUpClient } from '../../../builders/signed-in-client.js';
import { Barrier } from '../../../support/barrier.js';
import { eventually } from '../../../support/eventually.js';
import { Gateway, refuse } from '../../../support/gateway.js';
import { RequestLog } from '../../../support/request-log.js';
import { startTestApp } from '../../../support/test-app.js';

const HOUR_MILLISECONDS = 3_600_000;
const RENAMING = {
  method: 'PATCH',
  body: JSON.stringify({ name: 'Alice' }),
  headers: { 'Content-Type': 'application/json' },
};

let app: Awaited<ReturnType<typeof startTestApp>>;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

it('repeats no refused call of one user in the name of the next', async () => {
  const waiting: ServerResponse[] = [];
  await using gateway = await Gateway.start(app.origin, (path, response) => {
    const waits = path === '/users/me' && waiting.length === 0;
    if (waits) waiting.push(response);
    return waits;
  });
  const { client } = await signUpClient(gateway);
  const bob = await signUp(app);
  const call = client.fetch('/users/me', RENAMING);
  const refused = await eventually(() => waiting[0] ?? Promise.reject(new Error('Not asked.')), {
    within: 5,
  });
  await client.logout();
  await client.login(bob.email, PASSWORD);
  const log = new RequestLog(app);
  refuse(refused, 401, 'access.token_revoked');
  expect((await call).status).toBe(401);
  expect(log.all).toEqual([]);
  expect(client.principal?.userId).toBe(bob.userId);
});

it('ends no session of the next user when signing out everywhere is answered late', async () => {
  const barrier = new Barrier();
  await using gateway = await Gateway.start(
    app.origin,
    () => false,
    async (path) => {
      if (path === '/auth/logout-all') await barrier.opened;
    },
  );
  const { client } = await signUpClient(gateway);
  const bob = await signUp(app);
  const log = new RequestLog(app);
  barrier.close();
  const ended = client.logoutAll();
  await eventually(() => expect(log.to('/auth/logout-all')[0]?.status).toBe(200), { within: 5 });
  await client.login(bob.email, PASSWORD);
  barrier.open();
  expect(await ended).toBe(1);
  expect(client.principal?.userId).toBe(bob.userId);
  expect((await client.fetch('/auth/me')).status).toBe(200);
});

it('sends no call in the name of a user who signs in before it is sent', async () => {
  const { client } = await signUpClient(app);
  const bob = await signUp(app);
  const realNow = Date.now;
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => realNow() + HOUR_MILLISECONDS);
  const changed = [client.logout(), client.login(bob.email, PASSWORD)];
  const { status } = await client.fetch('/users/me', RENAMING);
  clock.mockRestore();
  await Promise.all(changed);
  const profile = await client.fetch('/users/me');
  expect([status, await profile.json()]).toEqual([
    401,
    expect.objectContaining({ id: bob.userId, name: null }),
  ]);
});
