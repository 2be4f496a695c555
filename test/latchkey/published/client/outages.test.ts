import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import {
  type Client,
  type ClientOptions,
  createClient,
  type RefreshTokenStorage,
} from '../../../../src/latchkey/published/client/index.js';
import { memoryStorage } from '../../../../src/latchkey/published/client/refresh-token-storage.js';
import { type SignedIn, signUpAdmin } from '../../../builders/accounts.js';
import {
  makeStale,
  type SignedInClient,
  signUpClient,
} from '../../../builders/signed-in-client.js';
import { eventually } from '../../../support/eventually.js';
import { Gateway, refuse } from '../../../support/gateway.js';
import { RequestLog } from '../../../support/request-log.js';
import { createStores } from '../../../support/stores.js';
import { TcpProxy } from '../../../support/tcp-proxy.js';
import { TestApp } from '../../../support/test-app.js';

const ACCESS_TOKEN_TTL_SECONDS = 900;

const stores = await createStores();
const database = new URL(stores.databaseUrl);
let toDatabase: TcpProxy;
let app: TestApp;
let admin: SignedIn;

beforeAll(async () => {
  toDatabase = await TcpProxy.start(Number(database.port));
  database.hostname = '127.0.0.1';
  database.port = String(toDatabase.port);
  app = await TestApp.start({ stores: { ...stores, databaseUrl: database.href } });
  admin = await signUpAdmin(app);
});
afterAll(async () => {
  await app.stop();
  await toDatabase.stop();
  await stores.drop();
});

/** A client whose next call needs a refresh, and how the gateway before it answers those. */
async function behindGateway(
  answer: (response: ServerResponse) => boolean,
  options: Partial<ClientOptions> = {},
) {
  let tries = 0;
  const state = { answer };
  const gateway = await Gateway.start(app.origin, (path, response) => {
    if (!/^.auth.(refresh|logout)$/.test(path)) return false;
    if (path === '/auth/refresh') tries += 1;
    return state.answer(response);
  });
  const signedIn = await signUpClient(gateway, options);
  await makeStale(app, admin, signedIn.client);
  return {
    ...signedIn,
    origin: gateway.origin,
    state,
    tries: () => tries,
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

const expectSignedIn = async ({ client, heard }: SignedInClient) => {
  expect((await client.fetch('/auth/me')).status).toBe(200);
  expect(heard).not.toContain(null);
};

const drop = (response: ServerResponse) => {
  response.destroy();
  return true;
};

it('gives up after four tries, stays signed in, and goes on when the server is back', async () => {
  await using outage = await behindGateway(drop);
  const noAnswer = { name: 'LatchkeyClientError', code: 'client.no_answer', status: 0 };
  await Promise.all([
    expect(outage.client.fetch('/auth/me')).rejects.toMatchObject(noAnswer),
    expect(outage.client.fetch('/users/me')).rejects.toMatchObject(noAnswer),
    expect(outage.client.logout()).rejects.toMatchObject(noAnswer),
  ]);
  expect(outage.tries()).toBe(4);
  expect(outage.client.principal).not.toBeNull();
  outage.state.answer = () => false;
  await expectSignedIn(outage);
});

it.each([
  ['refused', (client: Client) => client],
  [
    'not there yet',
    (_: Client, origin: string, storage: RefreshTokenStorage) =>
      createClient({ baseUrl: origin, delivery: 'body', storage }),
  ],
])('waits no longer for a token in place of one %s when its call is aborted', async (_, take) => {
  const unanswered: ServerResponse[] = [];
  const storage = memoryStorage();
  await using silent = await behindGateway((response) => unanswered.push(response) > 0, {
    storage,
  });
  const client = take(silent.client, silent.origin, storage);
  const leaving = new AbortController();
  const call = client.fetch('/auth/me', { signal: leaving.signal });
  await eventually(() => expect(silent.tries()).toBe(1), { within: 5 });
  const waiting = client.fetch('/users/me');
  leaving.abort(new Error('The user has left.'));
  await expect(call).rejects.toThrow('The user has left.');
  const late = client.fetch(new Request(`${silent.origin}/auth/me`, { signal: leaving.signal }));
  await expect(late).rejects.toThrow('The user has left.');
  expect(silent.tries()).toBe(1);

  silent.state.answer = () => false;
  for (const response of unanswered) response.destroy();
  expect((await waiting).status).toBe(200);
});

it('says by a code that nobody could be signed out everywhere, and stays signed in', async () => {
  await using gateway = await Gateway.start(app.origin, (path, response) => {
    if (path === '/auth/logout-all') response.destroy();
    return path === '/auth/logout-all';
  });
  const signedIn = await signUpClient(gateway);
  const noAnswer = { name: 'LatchkeyClientError', code: 'client.no_answer', status: 0 };
  await expect(signedIn.client.logoutAll()).rejects.toMatchObject(noAnswer);
  await expectSignedIn(signedIn);
});

it('uses a token that cannot be renewed for as long as it is good', async () => {
  await using gateway = await Gateway.start(app.origin, (path, response) =>
    path === '/auth/refresh' ? refuse(response, 503, 'auth.busy', { 'Retry-After': '60' }) : false,
  );
  const { client, heard } = await signUpClient(gateway);
  const log = new RequestLog(app);
  const realNow = Date.now;
  let passedSeconds = ACCESS_TOKEN_TTL_SECONDS - 20;
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => realNow() + passedSeconds * 1_000);
  expect((await client.fetch('/auth/me')).status).toBe(200);
  passedSeconds = ACCESS_TOKEN_TTL_SECONDS + 1;
  await expect(client.fetch('/auth/me')).rejects.toMatchObject({ code: 'auth.busy' });
  clock.mockRestore();
  expect([log.all.length, heard]).toEqual([1, []]);
});

it('is not signed out by a proxy’s empty answer to signing out, and asks again', async () => {
  await using strange = await behindGateway((response) => {
    strange.state.answer = () => false;
    return say(200, '')(response);
  });
  const log = new RequestLog(app);
  await strange.client.logout();
  expect(log.all.map(({ path }) => path)).toEqual(['/auth/logout']);
  expect(strange.heard).toEqual([null]);
});

it('waits as long as a server without its database asks, and then comes through', async () => {
  const signedIn = await signUpClient(app);
  await makeStale(app, admin, signedIn.client);
  const log = new RequestLog(app);
  toDatabase.cut();
  const call = signedIn.client.fetch('/auth/me');
  await eventually(() => expect(log.refreshes[0]?.status).toBe(503), { within: 5 });
  toDatabase.restore();
  expect((await call).status).toBe(200);
  const [first, second, ...more] = log.refreshes;
  expect([first?.status, second?.status, more]).toEqual([503, 200, []]);
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(2_000);
  await expectSignedIn(signedIn);
});

it.each([429, 503])('does not wait for what takes too long: %i for a minute', async (status) => {
  await using busy = await behindGateway((response) =>
    refuse(response, status, 'auth.busy', { 'Retry-After': '60' }),
  );
  const refusal = { code: 'auth.busy', status, retryAfterSeconds: 60 };
  await expect(busy.client.fetch('/auth/me')).rejects.toMatchObject(refusal);
  expect(busy.tries()).toBe(1);
  busy.state.answer = () => false;
  await expectSignedIn(busy);
});

const say = (status: number, body: string) => (response: ServerResponse) => {
  response.writeHead(status, { 'Content-Type': 'text/html', Location: '/elsewhere' }).end(body);
  return true;
};

it.each([
  ['a page of a hotel’s network', say(200, '<h1>Welcome</h1>')],
  ['nothing', say(200, '')],
  ['JSON that is no token', say(200, '{"accessToken":"?"}')],
  ['a gateway’s 502', say(502, '<h1>Bad Gateway</h1>')],
  ['a redirect', say(302, '')],
])('is not signed out by %s, and tries again', async (_, answer) => {
  await using strange = await behindGateway((response) => {
    strange.state.answer = () => false;
    return answer(response);
  });
  expect((await strange.client.fetch('/auth/me')).status).toBe(200);
  expect(strange.tries()).toBe(2);
  await expectSignedIn(strange);
});

it.each([
  ['a proxy’s 401', say(401, '<h1>Who are you?</h1>')],
  ['a firewall’s 403', say(403, '<h1>No</h1>')],
])('is not signed out by %s, and does not insist', async (_, answer) => {
  await using strange = await behindGateway(answer);
  const unexpected = { code: 'client.unexpected_answer' };
  await expect(strange.client.fetch('/auth/me')).rejects.toMatchObject(unexpected);
  await expect(strange.client.logout()).rejects.toMatchObject(unexpected);
  expect(strange.tries()).toBe(1);
  strange.state.answer = () => false;
  await expectSignedIn(strange);
});
