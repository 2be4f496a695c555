import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  createClient,
  type RefreshTokenStorage,
} from '../../../../src/latchkey/published/client/index.js';
import { PASSWORD, signIn } from '../../../builders/accounts.js';
import { signUpClient } from '../../../builders/signed-in-client.js';
import { RequestLog } from '../../../support/request-log.js';
import { startTestApp } from '../../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

/** As slow as a file or a keychain. */
function slowStorage(): RefreshTokenStorage & { kept: string | null } {
  const storage = {
    kept: null as string | null,
    get: () => new Promise<string | null>((resolve) => setImmediate(resolve, storage.kept)),
    set: async (token: string | null) => {
      storage.kept = token;
    },
  };
  return storage;
}

const clientOf = (storage?: RefreshTokenStorage) =>
  createClient({ baseUrl: app.origin, delivery: 'body', storage });

it('is taken up again by whoever has its storage, and by the first call alone', async () => {
  const storage = slowStorage();
  const { client } = await signUpClient(app, { storage });
  const { sessionId } = client.principal ?? {};

  const restored = clientOf(storage);
  expect(restored.principal).toBeNull();
  expect(await restored.restore()).toMatchObject({ sessionId });
  const unasked = clientOf(storage);
  expect((await unasked.fetch('/auth/me')).status).toBe(200);
  expect(unasked.principal).toMatchObject({ sessionId });
});

it('shares a storage: parallel refreshes of two clients sign neither out', async () => {
  const storage = slowStorage();
  await signUpClient(app, { storage });
  const clients = Array.from({ length: 5 }, () => clientOf(storage));
  for (let round = 0; round < 3; round++) {
    const fresh = clients.map(() => clientOf(storage));
    const principals = await Promise.all([...clients, ...fresh].map((each) => each.restore()));
    expect(principals).not.toContain(null);
  }
});

it('is nobody’s without a stored token, and nothing is asked', async () => {
  const log = new RequestLog(app);
  const client = clientOf();
  expect([await client.restore(), client.principal, log.all]).toEqual([null, null, []]);
  expect((await client.fetch('/auth/me')).status).toBe(401);
  expect((await client.fetch('/health/live')).status).toBe(200);
  expect(log.refreshes).toEqual([]);
});

it('is nobody’s when it has ended meanwhile; the storage is emptied', async () => {
  const storage = slowStorage();
  const { email } = await signUpClient(app, { storage });
  const other = await signIn(app.api, email);
  await app.api.post('/auth/logout-all', undefined, { token: other.accessToken });
  expect([await clientOf(storage).restore(), storage.kept]).toEqual([null, null]);
});

it('ends by signing out, at the server as well, however often', async () => {
  const storage = slowStorage();
  const { client, heard } = await signUpClient(app, { storage });
  const refreshToken = storage.kept;
  await client.logout();
  await client.logout();
  expect([client.principal, storage.kept, heard]).toEqual([null, null, [null]]);
  expect((await app.api.post('/auth/refresh', { refreshToken })).status).toBe(401);
});

it('ends with all others by signing out everywhere, which says how many there were', async () => {
  const { client, email, heard } = await signUpClient(app);
  await signIn(app.api, email);
  expect(await client.logoutAll()).toBe(2);
  expect([client.principal, heard]).toEqual([null, [null]]);
  await expect(client.logoutAll()).rejects.toMatchObject({ code: 'access.unauthenticated' });
});

it('is nobody else’s: another client of the same process has its own', async () => {
  const [one, another] = [await signUpClient(app), await signUpClient(app)];
  await one.client.logout();
  expect(another.heard).toEqual([]);
  expect((await another.client.fetch('/auth/me')).status).toBe(200);
});

it('is told to nobody who has left', async () => {
  const { client, heard, email } = await signUpClient(app);
  const leave = client.onChange(() => heard.push('left'));
  leave();
  await client.login(email, PASSWORD);
  expect(heard).toEqual([client.principal?.sessionId]);
});

it('says what went wrong by the server’s code', async () => {
  const { client, email } = await signUpClient(app);
  await expect(client.login(email, 'not the password at all')).rejects.toMatchObject({
    name: 'LatchkeyClientError',
    code: 'auth.invalid_credentials',
    status: 401,
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  await expect(client.register('nobody', 'short')).rejects.toMatchObject({
    code: 'request.invalid',
    status: 400,
    fields: expect.arrayContaining([expect.objectContaining({ field: 'email' })]),
  });
  expect(client.principal).not.toBeNull();
});
