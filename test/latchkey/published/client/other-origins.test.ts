import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createClient } from '../../../../src/latchkey/published/client/index.js';
import { signUpClient } from '../../../builders/signed-in-client.js';
import { Gateway } from '../../../support/gateway.js';
import { startTestApp } from '../../../support/test-app.js';

const arrived: { headers: IncomingHttpHeaders; body: string }[] = [];
const stranger = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  arrived.push({ headers: request.headers, body });
  response.end('{}');
});

let app: Awaited<ReturnType<typeof startTestApp>>;
let elsewhere: string;

beforeAll(async () => {
  app = await startTestApp();
  stranger.listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  elsewhere = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
});
afterAll(async () => {
  stranger.closeAllConnections();
  stranger.close();
  await app[Symbol.asyncDispose]();
});
beforeEach(() => {
  arrived.length = 0;
});

it('are sent nothing: a call of one is refused', async () => {
  const { client } = await signUpClient(app);
  const port = new URL(elsewhere).port;
  const inputs = [
    elsewhere,
    new URL('/path', elsewhere),
    new Request(elsewhere),
    `//127.0.0.1:${port}/`,
    `/\\127.0.0.1:${port}/`,
    `http://localhost:${new URL(app.origin).port}/auth/me`,
    `${app.origin.replace('http:', 'https:')}/auth/me`,
  ];
  for (const input of inputs) {
    await expect(client.fetch(input)).rejects.toMatchObject({ code: 'client.other_origin' });
  }
  expect(arrived).toEqual([]);
});

it('get no token by a redirect', async () => {
  await using gateway = await Gateway.start(app.origin, (path, response) => {
    if (path === '/away') response.writeHead(307, { Location: elsewhere }).end();
    return path === '/away';
  });
  const { client } = await signUpClient(gateway);
  expect((await client.fetch('/away')).status).toBe(200);
  expect(arrived.map(({ headers }) => headers.authorization)).toEqual([undefined]);
});

it('get neither password nor refresh token by a redirect', async () => {
  let away = false;
  await using gateway = await Gateway.start(app.origin, (path, response) => {
    const leads = away && path.startsWith('/auth/');
    if (leads) response.writeHead(307, { Location: elsewhere }).end();
    return leads;
  });
  const { client } = await signUpClient(gateway);
  const stranded = createClient({ baseUrl: gateway.origin, delivery: 'body' });
  away = true;
  const noAnswer = { code: 'client.no_answer' };
  await Promise.all([
    expect(client.logout()).rejects.toMatchObject(noAnswer),
    expect(stranded.login('ada@example.com', 'secret')).rejects.toMatchObject(noAnswer),
  ]);
  expect(arrived).toEqual([]);
});

it('do not matter to an address that is relative, whatever the base’s path', async () => {
  const { client } = await signUpClient(app);
  const below = createClient({ baseUrl: `${app.origin}/auth`, delivery: 'body' });
  expect((await client.fetch('/auth/me')).status).toBe(200);
  expect((await client.fetch('auth/me')).status).toBe(200);
  expect((await below.fetch('me')).status).toBe(401);
});
