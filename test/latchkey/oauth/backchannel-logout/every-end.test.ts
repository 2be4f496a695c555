import { afterAll, beforeAll, expect, it } from 'vitest';
import { LogoutsByExpiry } from '../../../../src/latchkey/oauth/backchannel-logout/logouts-by-expiry.js';
import { claimsOf } from '../../../builders/access-tokens.js';
import { PASSWORD, type SignedIn, signIn, signUpAdmin } from '../../../builders/accounts.js';
import {
  type App,
  type AtApp,
  type AtBrowser,
  codeFor,
  redeem,
  registerApp,
  signInAtApp,
  signInAtBrowser,
  signUpAtBrowser,
} from '../../../builders/apps.js';
import { postForm } from '../../../builders/clients.js';
import { age } from '../../../builders/sessions.js';
import { LogoutReceiver } from '../../../support/logout-receiver.js';
import { startTestApp } from '../../../support/test-app.js';

const IDLE_SECONDS = 604_800;
const GRACE_SECONDS = 10;

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let receiver: LogoutReceiver;
beforeAll(async () => {
  app = await startTestApp({ SINGLE_SIGN_ON: 'on', SESSIONS_PER_USER_MAX: '2' });
  admin = await signUpAdmin(app);
  receiver = await LogoutReceiver.start();
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await receiver.stop();
});

/** Somebody who is signed in at an app that is to be told. */
interface Held {
  readonly person: AtBrowser;
  readonly shop: App;
  readonly held: AtApp;
  readonly sid: string;
}

let apps = 0;
async function begin(fields: object = {}): Promise<Held & { path: string }> {
  apps += 1;
  const path = `/logout/${apps}`;
  const backchannelLogoutUri = receiver.uri(path);
  const shop = await registerApp(app.api, admin, { backchannelLogoutUri, ...fields });
  const person = await signUpAtBrowser(app);
  const held = await signInAtApp(app.api, shop, person);
  return { person, shop, held, sid: String(claimsOf(held.idToken).sid), path };
}

const byAdmin = () => ({ token: admin.accessToken });
const byOwner = ({ accessToken: token }: AtBrowser) => ({ token });

/** Lets time pass for a session, and for what is remembered of it. */
async function pass(sid: string, seconds: number): Promise<void> {
  await age(app.stores, sid, seconds);
  await app.stores.query(
    'UPDATE pending_logouts SET look_at = look_at - make_interval(secs => $2) WHERE session_id = $1',
    [sid, seconds],
  );
  await app.nest.get(LogoutsByExpiry, { strict: false }).runOnce();
}

/** Each answers with a status below 300. */
const ENDS: [string, (held: Held) => Promise<{ status: number }>][] = [
  ['signing out', ({ person }) => app.api.post('/auth/logout', undefined, byOwner(person))],
  [
    'signing out at the word of the app',
    ({ person, held }) =>
      app.api.post(
        '/auth/sign-out',
        { request: `id_token_hint=${held.idToken}` },
        { cookie: person.cookie },
      ),
  ],
  [
    'ending a session of the list',
    ({ person, sid }) => app.api.delete(`/auth/sessions/${sid}`, byOwner(person)),
  ],
  [
    'signing out everywhere',
    ({ person }) => app.api.post('/auth/logout-all', undefined, byOwner(person)),
  ],
  [
    'changing the password',
    ({ person }) =>
      app.api.post(
        '/auth/password/change',
        { currentPassword: PASSWORD, newPassword: 'another horse battery staple' },
        byOwner(person),
      ),
  ],
  [
    'the app, which revokes its token',
    ({ shop: { id, secret = '' }, held }) =>
      postForm(app.api, '/oauth/revoke', { token: held.refreshToken }, { id, secret }),
  ],
  [
    'an administrator who ends it',
    ({ sid }) => app.api.delete(`/admin/sessions/${sid}`, byAdmin()),
  ],
  [
    'an administrator who ends that of the sign-in',
    ({ person }) => app.api.delete(`/admin/sessions/${person.sessionId}`, byAdmin()),
  ],
  [
    'an administrator who ends those of a kind',
    ({ person }) => {
      const filter = { userId: person.userId, ip: '127.0.0.1' };
      return app.api.post('/admin/sessions/revoke', { filter, reason: 'a test' }, byAdmin());
    },
  ],
  [
    'an administrator who ends all of a user',
    ({ person: { userId } }) =>
      app.api.post('/admin/sessions/revoke', { filter: { userId }, reason: 'a test' }, byAdmin()),
  ],
  [
    'the consent that is withdrawn',
    ({ person, shop }) => app.api.delete(`/auth/consents/${shop.id}`, byOwner(person)),
  ],
  [
    'the app that is disabled',
    ({ shop }) => app.api.patch(`/admin/clients/${shop.id}`, { status: 'disabled' }, byAdmin()),
  ],
  ['the app that is deleted', ({ shop }) => app.api.delete(`/admin/clients/${shop.id}`, byAdmin())],
  [
    'the account that is disabled',
    ({ person }) =>
      app.api.patch(`/admin/users/${person.userId}`, { status: 'disabled' }, byAdmin()),
  ],
  [
    'the account that is deleted',
    ({ person }) => app.api.delete(`/admin/users/${person.userId}`, byAdmin()),
  ],
  [
    'the account that its owner deletes',
    ({ person }) => app.api.post('/auth/account/delete', undefined, byOwner(person)),
  ],
  [
    'a refresh token that is used again',
    async ({ shop: { id, secret = '' }, held, sid }) => {
      const form = { grant_type: 'refresh_token', refresh_token: held.refreshToken };
      const next = await postForm(app.api, '/oauth/token', form, { id, secret });
      const later = { ...form, refresh_token: next.body.refresh_token };
      await postForm(app.api, '/oauth/token', later, { id, secret });
      await age(app.stores, sid, GRACE_SECONDS * 400);
      const reused = await postForm(app.api, '/oauth/token', form, { id, secret });
      expect(reused.body.code).toBe('auth.refresh_reused');
      return { status: 200 };
    },
  ],
  [
    'another sign-in beyond the limit',
    async ({ person }) => {
      await signInAtBrowser(app.api, person.email);
      return signInAtBrowser(app.api, person.email).then(() => ({ status: 200 }));
    },
  ],
  [
    'its idle limit',
    async ({ sid }) => {
      await pass(sid, IDLE_SECONDS + 1);
      return { status: 200 };
    },
  ],
  [
    'its absolute limit',
    async ({ sid }) => {
      await app.stores.query(
        `UPDATE sessions SET expires_at = clock_timestamp() + interval '5 minutes' WHERE id = $1`,
        [sid],
      );
      await pass(sid, 301);
      return { status: 200 };
    },
  ],
  [
    'a hand in the database',
    async ({ sid }) => {
      await app.stores.query('DELETE FROM sessions WHERE id = $1', [sid]);
      await pass(sid, IDLE_SECONDS);
      return { status: 200 };
    },
  ],
];

it.each(ENDS)('a client is told when a session ends by %s', async (_, end) => {
  const { path, ...held } = await begin();
  const bystander = await begin();
  expect((await end(held)).status).toBeLessThan(300);
  const claims = await receiver.next(app.origin, path, held.shop.id);
  expect(claims).toEqual({
    iss: expect.any(String),
    aud: held.shop.id,
    sub: held.person.userId,
    sid: held.sid,
    iat: expect.any(Number),
    exp: Number(claims.iat) + 120,
    jti: expect.any(String),
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  });
  expect(receiver.at(bystander.path)).toEqual([]);
  const waiting = await app.stores.query('SELECT FROM pending_logouts WHERE session_id = $1', [
    held.sid,
  ]);
  expect(waiting).toEqual([]);
});

it('a client is told when sessions end by an emergency stop, of each', async () => {
  const all = [await begin(), await begin()];
  const body = { filter: { all: true }, reason: 'a test' };
  const stopped = await app.api.post('/admin/sessions/revoke', body, byAdmin());
  expect(stopped.status).toBe(200);
  admin = await signIn(app.api, admin.email);
  for (const { path, shop, sid } of all) {
    expect((await receiver.next(app.origin, path, shop.id)).sid).toBe(sid);
  }
});

it('a client is told when its code is shown a second time', async () => {
  const { shop, path } = await begin();
  const person = await signUpAtBrowser(app);
  const asked = await codeFor(app.api, shop, person);
  const { body } = await redeem(app.api, shop, asked);
  expect((await redeem(app.api, shop, asked)).status).toBe(400);
  const { sid } = await receiver.next(app.origin, path, shop.id);
  expect(sid).toBe(claimsOf(body.id_token).sid);
});

it('a session that goes on is not told of, however often it is looked at', async () => {
  const { sid, path, person, shop } = await begin();
  await pass(sid, IDLE_SECONDS / 2);
  await pass(sid, IDLE_SECONDS / 4);
  const [row] = await app.stores.query<{ ahead: number }>(
    `SELECT extract(epoch FROM look_at - clock_timestamp())::int AS ahead FROM pending_logouts
     WHERE session_id = $1`,
    [sid],
  );
  expect(row?.ahead).toBeGreaterThan(IDLE_SECONDS / 8);
  expect(receiver.at(path)).toEqual([]);
  await app.api.post('/auth/logout', undefined, byOwner(person));
  expect((await receiver.next(app.origin, path, shop.id)).sid).toBe(sid);
});

it('a client that asks for it later is told of the sessions that it has, and one that takes it back is not', async () => {
  const late = await begin({ backchannelLogoutUri: null });
  const path = `/logout/late`;
  const change = (body: object) => app.api.patch(`/admin/clients/${late.shop.id}`, body, byAdmin());
  expect((await change({ backchannelLogoutUri: receiver.uri(path) })).status).toBe(200);
  await app.api.post('/auth/logout', undefined, byOwner(late.person));
  expect((await receiver.next(app.origin, path, late.shop.id)).sid).toBe(late.sid);

  const again = await signUpAtBrowser(app);
  await signInAtApp(app.api, late.shop, again);
  expect((await change({ backchannelLogoutUri: null })).body.backchannelLogoutUri).toBeNull();
  await app.api.post('/auth/logout', undefined, byOwner(again));
  const left = await app.stores.query(
    `SELECT client_id FROM pending_logouts WHERE client_id = $1
     UNION ALL SELECT NULL FROM outbox WHERE recipient = $1::text AND state = 'waiting'`,
    [late.shop.id],
  );
  expect(left).toEqual([]);
  expect(receiver.at(path)).toHaveLength(1);
});

it.each([
  ['plain http elsewhere', 'http://shop.example.com/logout'],
  ['another scheme', 'com.example.shop:/logout'],
  ['a fragment', 'https://shop.example.com/logout#x'],
  ['a user', 'https://me@shop.example.com/logout'],
  ['no address', 'logout'],
])('an address that is %s is refused', async (_, backchannelLogoutUri) => {
  const body = { name: 'Shop', roles: [], backchannelLogoutUri };
  const answer = await app.api.post('/admin/clients', body, byAdmin());
  expect([answer.status, answer.body.errors?.[0]?.field]).toEqual([400, 'backchannelLogoutUri']);
});
