import { afterAll, beforeAll, expect, it } from 'vitest';
import { OPERATOR } from '../../../../src/latchkey/audit/actor.js';
import type { AssuranceDemand, Client } from '../../../../src/latchkey/published/client/index.js';
import { ChangeRole } from '../../../../src/latchkey/roles/change-role.js';
import { MakeStale } from '../../../../src/latchkey/users/accounts/make-stale.js';
import {
  createRole,
  grantRoles,
  PASSWORD,
  type SignedIn,
  signUpAdmin,
} from '../../../builders/accounts.js';
import { createTestCodes, giveCodes, WithSecondFactors } from '../../../builders/second-factors.js';
import { age } from '../../../builders/sessions.js';
import { signUpClient } from '../../../builders/signed-in-client.js';
import { startTestApp } from '../../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp({}, { module: WithSecondFactors });
  await createTestCodes(app.stores);
});
afterAll(async () => app[Symbol.asyncDispose]());

const SHOWN = { method: 'password', password: PASSWORD };
/** Demands a fresh sign-in, and changes nothing. */
const sendFresh = (client: Client) =>
  client.fetch('/admin/roles/no-such-role', { method: 'DELETE' });

/** A client of an administrator who has signed in two hours ago, with an access token of now. */
async function oldClient(onStepUp?: (client: Client, demand: AssuranceDemand) => Promise<boolean>) {
  const { client } = await signUpClient(app, {
    ...(onStepUp && { onStepUp: (demand: AssuranceDemand) => onStepUp(client, demand) }),
  });
  const { email } = await signUpAdmin(app);
  const { userId, sessionId } = await client.login(email, PASSWORD);
  await age(app.stores, sessionId, 7_200);
  await app.nest.get(MakeStale, { strict: false }).now(userId);
  return client;
}

it('steps up when it is asked to, and repeats the request in the same session', async () => {
  const demands: AssuranceDemand[] = [];
  const client = await oldClient(async (self, demand) => {
    demands.push(demand);
    await self.stepUp(SHOWN);
    return true;
  });
  const session = client.principal?.sessionId;
  expect((await sendFresh(client)).status).toBe(404);
  expect(demands).toEqual([{ maxAgeSeconds: 600 }]);
  expect(client.principal?.sessionId).toBe(session);
});

it('asks once for calls that are refused at the same moment', async () => {
  let asked = 0;
  const client = await oldClient(async (self) => {
    asked++;
    await self.stepUp(SHOWN);
    return true;
  });
  await client.fetch('/auth/me');
  const answers = await Promise.all(Array.from({ length: 10 }, () => sendFresh(client)));
  expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(404));
  expect(asked).toBe(1);
});

it('repeats a request once: one that goes on being refused is returned', async () => {
  let asked = 0;
  const client = await oldClient(async () => {
    asked++;
    return true;
  });
  expect((await sendFresh(client)).status).toBe(401);
  expect(asked).toBe(1);
});

it('returns the refusal where the user shows nothing, or nobody is to be asked', async () => {
  for (const client of [await oldClient(), await oldClient(async () => false)]) {
    const answer = await sendFresh(client);
    expect(await answer.json()).toMatchObject({ code: 'auth.fresh_sign_in_required' });
  }
});

it('says what was wrong, and the session goes on', async () => {
  const client = await oldClient();
  const wrong = { method: 'password', password: 'wrong horse battery staple' };
  await expect(client.stepUp(wrong)).rejects.toMatchObject({ code: 'auth.invalid_credentials' });
  expect((await client.fetch('/auth/me')).status).toBe(200);
});

/** A client whose user has been given the role `reader` a moment ago, and a code to show. */
async function readerClient(admin: SignedIn, onStepUp: (client: Client) => Promise<boolean>) {
  const { client } = await signUpClient(app, { onStepUp: () => onStepUp(client) });
  const userId = client.principal?.userId ?? '';
  await grantRoles(app, admin, userId, ['reader']);
  await giveCodes(app.stores, userId, 'test_totp', '111111');
  return client;
}

it('a role that demands more takes one question of the user, in the same session', async () => {
  const admin = await signUpAdmin(app);
  await createRole(app, admin, 'reader', ['users:read']);
  let asked = 0;
  const client = await readerClient(admin, async (self) => {
    asked++;
    await self.stepUp({ method: 'test_totp', code: '111111' });
    return true;
  });
  expect((await client.fetch('/admin/users')).status).toBe(200);
  const session = client.principal?.sessionId;
  await app.nest
    .get(ChangeRole, { strict: false })
    .change('reader', { requiredAcr: 'aal2' }, OPERATOR);
  const calls = Array.from({ length: 10 }, () => client.fetch('/admin/users'));
  expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(Array(10).fill(200));
  expect([asked, client.principal?.sessionId]).toEqual([1, session]);
  expect(client.principal).toMatchObject({ roles: ['reader'], withheld: [] });
});

it('who does not step up sees what is withheld, and goes on without', async () => {
  const admin = await signUpAdmin(app);
  const client = await readerClient(admin, async () => false);
  const refusal = await client.fetch('/admin/users');
  expect(await refusal.json()).toMatchObject({
    code: 'access.assurance_insufficient',
    acr: 'aal2',
  });
  expect(client.principal).toMatchObject({ roles: [], withheld: ['reader'] });
  expect((await client.fetch('/auth/me')).status).toBe(200);
});
