import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SignedIn, signUp, signUpAdmin } from '../../../builders/accounts.js';
import { COOKIE, cookieHeaderOf, cookieOf, signInByCookie } from '../../../builders/browsers.js';
import { type Client, createClient } from '../../../builders/clients.js';
import { copyDatabase } from '../../../support/store-copies.js';
import { startTestApp } from '../../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let user: SignedIn;
let cookie: string;
let client: Client;
let messageId: string;

beforeAll(async () => {
  // What waits in the outbox stays there.
  app = await startTestApp({ SINGLE_SIGN_ON: 'on', OUTBOX_WORKER: 'off' });
  admin = await signUpAdmin(app);
  user = await signUp(app);
  client = await createClient(app.api, admin);
  cookie = cookieHeaderOf(await signInByCookie(app.api, admin.email), COOKIE);
  await app.api.post('/auth/recovery/request', { email: user.email });
  const [message] = await app.stores.query<{ id: string }>('SELECT id FROM outbox');
  messageId = String(message?.id);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

/** Every path, about things that exist. */
async function paths(): Promise<string[]> {
  const { body } = await app.api.get('/openapi.json');
  return Object.keys(body.paths).map((template) =>
    template
      .replace('/users/{id}', `/users/${user.userId}`)
      .replace('/sessions/{id}', `/sessions/${user.sessionId}`)
      .replace('/clients/{id}', `/clients/${client.id}`)
      .replace('/outbox/{id}', `/outbox/${messageId}`)
      .replace('/resources/{id}', `/resources/${messageId}`)
      .replace(/factors\/(totp\/)?\{id\}/, `factors/$1${messageId}`)
      .replace(/identities\/\{id\}/, `identities/${messageId}`)
      .replace('{provider}', 'acme')
      .replace('{clientId}', client.id)
      .replace('{name}', 'user')
      .replace('{kid}', 'k'.repeat(43)),
  );
}

it.each(['GET', 'HEAD'])('%s changes nothing, whatever the path', async (method) => {
  const before = await copyDatabase(app.stores);
  const all = await paths();
  expect(all.length).toBeGreaterThan(15);
  expect(all.join()).not.toContain('{');
  // That it refuses a token that is not for it is written down, as of every refusal.
  for (const path of all.filter((one) => one !== '/oauth/userinfo')) {
    for (const query of ['', '?_method=DELETE']) {
      const headers = { 'X-HTTP-Method-Override': 'DELETE', 'X-Method-Override': 'DELETE' };
      const options = { token: admin.accessToken, cookie, headers };
      const answer = await app.api.send(method, path + query, undefined, options);
      expect(answer.status).toBeLessThan(500);
      expect(cookieOf(answer)).toBeNull();
    }
  }
  expect(await copyDatabase(app.stores)).toBe(before);
});

it('HEAD answers as GET does, without the body', async () => {
  for (const path of ['/auth/me', '/users/me', '/admin/users', '/health/live', '/nowhere']) {
    const options = { token: admin.accessToken };
    const get = await app.api.get(path, options);
    const head = await app.api.send('HEAD', path, undefined, options);
    expect(head.status).toBe(get.status);
    expect(head.text).toBe('');
  }
});
