import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Revocations } from '../../../../src/latchkey/tokens/revocation/revocations.js';
import { SessionEnder } from '../../../../src/latchkey/tokens/sessions/session-ender.js';
import { claimsOf } from '../../../builders/access-tokens.js';
import { type SignedIn, signUpAdmin } from '../../../builders/accounts.js';
import {
  type App,
  type AtBrowser,
  registerApp,
  signInAtApp,
  signUpAtBrowser,
} from '../../../builders/apps.js';
import { eventually } from '../../../support/eventually.js';
import { LogoutReceiver } from '../../../support/logout-receiver.js';
import { startTestApp, TestApp } from '../../../support/test-app.js';

const ON = { SINGLE_SIGN_ON: 'on' };
const HOUR_SECONDS = 3_600;

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let receiver: LogoutReceiver;
beforeAll(async () => {
  app = await startTestApp(ON);
  admin = await signUpAdmin(app);
  receiver = await LogoutReceiver.start();
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await receiver.stop();
});
beforeEach(() => {
  receiver.answer = () => ({ status: 200 });
});

let apps = 0;
async function registerTold(fields: object = {}): Promise<{ shop: App; path: string }> {
  apps += 1;
  const path = `/logout/${apps}`;
  const backchannelLogoutUri = receiver.uri(path);
  return { shop: await registerApp(app.api, admin, { backchannelLogoutUri, ...fields }), path };
}

const signOut = ({ accessToken: token }: AtBrowser, at: Pick<TestApp, 'api'> = app) =>
  at.api.post('/auth/logout', undefined, { token });

/** Signs somebody in at the app and out again; the `sid` that it is to be told of. */
async function comeAndGo(shop: App, at: Pick<TestApp, 'api'> = app): Promise<string> {
  const person = await signUpAtBrowser(at);
  const { idToken } = await signInAtApp(at.api, shop, person);
  expect((await signOut(person, at)).status).toBe(204);
  return String(claimsOf(idToken).sid);
}

interface Row extends Record<string, unknown> {
  readonly id: string;
  readonly state: string;
  readonly attempts: number;
  readonly error: string | null;
}
const messagesTo = ({ id }: App) =>
  app.stores.query<Row>(
    `SELECT id, state, attempts, last_error AS error FROM outbox
     WHERE kind = 'backchannel-logout' AND payload->>'clientId' = $1 ORDER BY position`,
    [id],
  );

/** Lets time pass for what waits in the outbox. */
async function pass(seconds: number): Promise<void> {
  await app.stores.query(
    `UPDATE outbox SET due_at = due_at - make_interval(secs => $1),
       created_at = created_at - make_interval(secs => $1),
       gives_up_at = gives_up_at - make_interval(secs => $1)
     WHERE state = 'waiting'`,
    [seconds],
  );
  await app.stores.query(`SELECT pg_notify('latchkey_outbox', '')`);
}

const sidsAt = (path: string) => receiver.at(path).map(({ token }) => claimsOf(token).sid);

it('arrives after the client was away for an hour, in order, and is signed by the key of that moment', async () => {
  const { shop, path } = await registerTold();
  await receiver.stop();
  const sids: string[] = [];
  for (let count = 0; count < 5; count += 1) sids.push(await comeAndGo(shop));
  for (let passed = 0; passed < HOUR_SECONDS; passed += 300) {
    const tried = async () => (await messagesTo(shop)).reduce((sum, one) => sum + one.attempts, 0);
    const before = await tried();
    await pass(300);
    await eventually(async () => expect(await tried()).toBeGreaterThan(before), { within: 10 });
  }
  const { body } = await app.api.post(
    '/admin/keys/rotate',
    { force: true, purpose: 'id_token' },
    {
      token: admin.accessToken,
    },
  );
  expect(body.kid).toEqual(expect.any(String));
  await receiver.resume();
  await pass(HOUR_SECONDS);
  await eventually(async () => expect(new Set(sidsAt(path))).toEqual(new Set(sids)), {
    within: 20,
  });
  const claims = await receiver.next(app.origin, path, shop.id);
  expect(Math.abs(Number(claims.iat) - Date.now() / 1000)).toBeLessThan(60);
  expect(receiver.kidAt(path)).toBe(body.kid);
  // Whatever was tried too often in vain has left the line, and comes when it comes.
  const stayed = await app.stores.query<{ sid: string }>(
    `SELECT payload->>'sessionId' AS sid FROM outbox
     WHERE kind = 'backchannel-logout' AND state = 'delivered' AND recipient = $1`,
    [shop.id],
  );
  const inLine = sids.filter((sid) => stayed.some((one) => one.sid === sid));
  expect(inLine).toContain(sids.at(-1));
  expect(sidsAt(path).filter((sid) => inLine.includes(String(sid)))).toEqual(inLine);
});

it('one that a client never takes holds up no other for long, and is given up after a day', async () => {
  const { shop, path } = await registerTold();
  let poison = '';
  receiver.answer = ({ token }) => ({ status: claimsOf(token).sid === poison ? 500 : 200 });
  const person = await signUpAtBrowser(app);
  poison = String(claimsOf((await signInAtApp(app.api, shop, person)).idToken).sid);
  await signOut(person);
  const others = [await comeAndGo(shop), await comeAndGo(shop)];
  await eventually(
    async () => {
      await pass(60);
      // Two lines know no order, and one that is under way when a minute passes is sent once more.
      const told = new Set(sidsAt(path).filter((sid) => sid !== poison));
      expect(told).toEqual(new Set(others));
    },
    { within: 20 },
  );
  await pass(24 * HOUR_SECONDS);
  await eventually(
    async () => {
      const dead = (await messagesTo(shop)).filter(({ state }) => state === 'dead');
      expect(dead).toMatchObject([{ error: 'Error: The client answers 500.' }]);
    },
    { within: 20 },
  );
  const tokenIds = receiver.at(path).map(({ token }) => claimsOf(token));
  const ofPoison = tokenIds.filter(({ sid }) => sid === poison).map(({ jti }) => jti);
  expect(new Set(ofPoison).size).toBe(1);
});

it('one that the client calls wrong is a dead letter at once, that an administrator sends again', async () => {
  const { shop, path } = await registerTold();
  receiver.answer = () => ({ status: 400 });
  const sid = await comeAndGo(shop);
  await eventually(
    async () => expect(await messagesTo(shop)).toMatchObject([{ state: 'dead', attempts: 1 }]),
    { within: 10 },
  );
  receiver.answer = () => ({ status: 204 });
  const token = admin.accessToken;
  const [dead] = await messagesTo(shop);
  const { body } = await app.api.get('/admin/outbox?state=dead', { token });
  const shown = body.items.find(({ id }: { id: string }) => id === dead?.id);
  expect(JSON.stringify(shown)).not.toContain('eyJ');
  const retried = await app.api.post(`/admin/outbox/${dead?.id}/retry`, undefined, { token });
  expect(retried.status).toBe(200);
  await eventually(
    async () => expect(await messagesTo(shop)).toMatchObject([{ state: 'delivered' }]),
    {
      within: 10,
    },
  );
  expect(sidsAt(path)).toEqual([sid, sid]);
});

it('follows no redirect', async () => {
  const { shop } = await registerTold();
  receiver.answer = () => ({ status: 307, location: receiver.uri('/elsewhere') });
  await comeAndGo(shop);
  await eventually(
    async () =>
      expect(await messagesTo(shop)).toMatchObject([
        { state: 'waiting', error: 'Error: The client answers 307.' },
      ]),
    { within: 10 },
  );
  expect(receiver.at('/elsewhere')).toEqual([]);
});

it('a client that does not answer is waited for for five seconds, and holds up no other client', async () => {
  const [slow, quick] = [await registerTold(), await registerTold()];
  receiver.answer = ({ path }) => (path === slow.path ? 'never' : { status: 200 });
  for (let count = 0; count < 8; count += 1) await comeAndGo(slow.shop);
  const sid = await comeAndGo(quick.shop);
  await eventually(() => expect(sidsAt(quick.path)).toEqual([sid]), { within: 10 });
  await eventually(
    async () => {
      const [first] = await messagesTo(slow.shop);
      expect(first?.error).toMatch(/Timeout/);
    },
    { within: 15 },
  );
});

it('is posted as a form, with nothing of ours beside it', async () => {
  const { shop, path } = await registerTold();
  await comeAndGo(shop);
  await receiver.next(app.origin, path, shop.id);
  const [{ headers, token } = { headers: {}, token: '' }] = receiver.at(path);
  expect(headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
  expect(headers).not.toHaveProperty('cookie');
  expect(headers).not.toHaveProperty('authorization');
  expect(claimsOf(token)).not.toHaveProperty('nonce');
  // Neither an access token nor a hint.
  expect((await app.api.get('/auth/me', { token })).status).toBe(401);
  expect((await app.api.get('/oauth/userinfo', { token })).status).toBe(401);
  expect((await app.api.get(`/oauth/end-session?id_token_hint=${token}`)).status).toBe(400);
});

it('of an end that is taken back nothing is told', async () => {
  const { shop, path } = await registerTold();
  const person = await signUpAtBrowser(app);
  const { idToken } = await signInAtApp(app.api, shop, person);
  const sid = String(claimsOf(idToken).sid);
  const actor = {
    userId: null,
    sessionId: null,
    ip: '127.0.0.1',
    userAgent: null,
    requestId: 'a test',
  };
  const revocations = app.nest.get(Revocations, { strict: false });
  const ender = app.nest.get(SessionEnder, { strict: false });
  const failing = revocations.commit(async (transaction) => {
    await ender.endOne(transaction, sid, { reason: 'admin', actor });
    throw new Error('after all not');
  });
  await expect(failing).rejects.toThrow('after all not');
  expect(await messagesTo(shop)).toEqual([]);
  await signOut(person);
  await receiver.next(app.origin, path, shop.id);
  expect(sidsAt(path)).toEqual([sid]);
});

it('what an instance leaves that ends, another one tells; again, where it had been telling', async () => {
  const stores = app.stores;
  const silent = await TestApp.start({ stores, env: { ...ON, OUTBOX_WORKER: 'off' } });
  const { shop, path } = await registerTold();
  receiver.answer = () => 'never';
  const sid = await comeAndGo(shop, silent);
  await silent.stop();
  await eventually(() => expect(sidsAt(path)).toEqual([sid]), { within: 10 });
  receiver.answer = () => ({ status: 200 });
  await eventually(
    async () => {
      await pass(60);
      expect(await messagesTo(shop)).toMatchObject([{ state: 'delivered' }]);
    },
    { within: 20 },
  );
  const tokenIds = receiver.at(path).map(({ token }) => claimsOf(token).jti);
  expect([tokenIds.length > 1, new Set(tokenIds).size]).toEqual([true, 1]);
});

it('a client without an address is told nothing, and nothing is remembered of it', async () => {
  const { shop } = await registerTold({ backchannelLogoutUri: null });
  const person = await signUpAtBrowser(app);
  await signInAtApp(app.api, shop, person);
  const remembered = await app.stores.query('SELECT FROM pending_logouts WHERE client_id = $1', [
    shop.id,
  ]);
  await signOut(person);
  expect([remembered, await messagesTo(shop)]).toEqual([[], []]);
});

it('the metadata say that there is such a thing', async () => {
  const { body } = await app.api.get('/.well-known/openid-configuration');
  expect(body).toMatchObject({
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  });
});
