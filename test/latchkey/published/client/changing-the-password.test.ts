import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient } from '../../../../src/latchkey/published/client/index.js';
import { PASSWORD, type SignedIn, signUpAdmin } from '../../../builders/accounts.js';
import { makeStale, signUpClient } from '../../../builders/signed-in-client.js';
import { startTestApp } from '../../../support/test-app.js';

const NEW_PASSWORD = 'seven green kites above the hill';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;

beforeAll(async () => {
  app = await startTestApp();
  admin = await signUpAdmin(app);
});
afterAll(async () => app[Symbol.asyncDispose]());

it('goes on in the new session, and tells of no end', async () => {
  const { client, heard } = await signUpClient(app);
  const former = client.principal;

  const principal = await client.changePassword(PASSWORD, NEW_PASSWORD);

  expect(principal.userId).toBe(former?.userId);
  expect(principal.sessionId).not.toBe(former?.sessionId);
  expect(heard).toEqual([principal.sessionId]);
  expect((await client.fetch('/auth/me')).status).toBe(200);
});

it('keeps the new refresh token, which the next start takes up', async () => {
  let kept: string | null = null;
  const storage = {
    get: () => kept,
    set: (token: string | null) => {
      kept = token;
    },
  };
  const { client } = await signUpClient(app, { storage });
  const { sessionId } = await client.changePassword(PASSWORD, NEW_PASSWORD);

  const restarted = createClient({ baseUrl: app.origin, delivery: 'body', storage });

  expect(await restarted.restore()).toMatchObject({ sessionId });
});

it('renews a token that is refused as stale, and changes the password with the next', async () => {
  const { client, email } = await signUpClient(app);
  await makeStale(app, admin, client);

  await client.changePassword(PASSWORD, NEW_PASSWORD);

  expect((await client.login(email, NEW_PASSWORD)).userId).toBe(client.principal?.userId);
});

it('leaves the session as it is when the current password is wrong', async () => {
  const { client } = await signUpClient(app);
  const former = client.principal?.sessionId;

  await expect(client.changePassword(`${PASSWORD}!`, NEW_PASSWORD)).rejects.toMatchObject({
    code: 'auth.invalid_credentials',
  });

  expect(client.principal?.sessionId).toBe(former);
  expect((await client.fetch('/auth/me')).status).toBe(200);
});

it('is refused for nobody', async () => {
  const client = createClient({ baseUrl: app.origin, delivery: 'body' });

  await expect(client.changePassword(PASSWORD, NEW_PASSWORD)).rejects.toMatchObject({
    code: 'access.unauthenticated',
  });
});
