/** RFC 8628: a device without a browser, and its owner at another one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf } from '../../builders/access-tokens.js';
import { type SignedIn, signUpAdmin } from '../../builders/accounts.js';
import {
  type App,
  type AtBrowser,
  registerApp,
  signInAtApp,
  signUpAtBrowser,
} from '../../builders/apps.js';
import { postForm } from '../../builders/clients.js';
import { registerResource } from '../../builders/resources.js';
import { eventually } from '../../support/eventually.js';
import { Instances } from '../../support/instances.js';
import { invalid, refusalOf, refused } from '../../support/refusal.js';
import { ISSUER, type TestApp } from '../../support/test-app.js';

const ON = { SINGLE_SIGN_ON: 'on' };
const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const WRONG = refused(404, 'device.code_invalid');

let instances: Instances;
let app: TestApp;
let elsewhere: TestApp;
let admin: SignedIn;
let tv: App;
let ada: AtBrowser;
beforeAll(async () => {
  instances = await Instances.start(ON, { ...ON, OUTBOX_WORKER: 'off' });
  app = instances.at(0).app;
  elsewhere = instances.at(1).app;
  admin = await signUpAdmin(app);
  tv = await registerDevice();
  ada = await signUpAtBrowser(app);
});
afterAll(() => instances.stop());

const registerDevice = (fields: Record<string, unknown> = {}) =>
  registerApp(app.api, admin, {
    name: 'TV',
    type: 'public',
    redirectUris: [],
    deviceFlow: true,
    ...fields,
  });

interface Waiting {
  readonly device: App;
  readonly deviceCode: string;
  readonly userCode: string;
}

const ask = ({ id, secret }: App, form: Record<string, string>, at = app) =>
  postForm(
    at.api,
    '/oauth/device_authorization',
    { scope: 'openid offline_access', client_id: id, ...form },
    secret === undefined ? undefined : { id, secret },
  );
async function begin(device = tv, form: Record<string, string> = {}): Promise<Waiting> {
  const { status, body, text } = await ask(device, form);
  if (status !== 200) throw new Error(`The device was answered ${text}.`);
  return { device, deviceCode: body.device_code, userCode: body.user_code };
}
/** As a device that has waited: what it was told to wait is not waited for. */
async function poll(
  { device: { id, secret }, deviceCode }: Waiting,
  at = app,
  more: Record<string, string> = {},
) {
  await app.stores.query('UPDATE device_authorizations SET polled_at = NULL');
  return pollAtOnce({ device: { id, secret }, deviceCode, userCode: '' }, at, more);
}
const pollAtOnce = (
  { device: { id, secret }, deviceCode }: Waiting,
  at = app,
  more: Record<string, string> = {},
) =>
  postForm(
    at.api,
    '/oauth/token',
    { grant_type: GRANT, device_code: deviceCode, client_id: id, ...more },
    secret === undefined ? undefined : { id, secret },
  );
const answer = (path: string, userCode: string, { accessToken: token } = ada, at = app) =>
  at.api.post(`/auth/device${path}`, { userCode }, { token });
const allow = (userCode: string, by = ada, at = app) => answer('', userCode, by, at);
const said = ({ status, body }: { status: number; body: { error?: string } }) => [
  status,
  body.error,
];

it('a device is signed in: it asks, its owner says yes at another instance, it has a session of its own', async () => {
  const { status, body, headers } = await ask(tv, {});
  expect(status).toBe(200);
  expect(headers.get('cache-control')).toBe('no-store');
  const uri = `${ISSUER}/pages/device`;
  expect(body).toEqual({
    device_code: expect.stringMatching(/^lko_/),
    user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
    verification_uri: uri,
    verification_uri_complete: `${uri}#${body.user_code}`,
    expires_in: 600,
    interval: 5,
  });
  const waiting = { device: tv, deviceCode: body.device_code, userCode: body.user_code };
  expect(said(await poll(waiting))).toEqual([400, 'authorization_pending']);

  const typed = waiting.userCode.toLowerCase().replace('-', ' ');
  const question = await answer('/question', typed, ada, elsewhere);
  expect(question.body).toEqual({
    client: { id: tv.id, name: 'TV' },
    scopes: ['openid', 'offline_access'],
  });
  expect((await allow(typed, ada, elsewhere)).status).toBe(204);

  const tokens = await poll(waiting);
  expect(tokens.body).toMatchObject({ token_type: 'Bearer', scope: 'openid offline_access' });
  const claims = claimsOf(tokens.body.access_token);
  expect(claims).toMatchObject({ sub: ada.userId, client_id: tv.id });
  expect(claims.sid).not.toBe(ada.sessionId);
  expect(claimsOf(tokens.body.id_token)).toMatchObject({ aud: tv.id, sid: claims.sid });
  const form = { grant_type: 'refresh_token', client_id: tv.id };
  const refreshed = await postForm(app.api, '/oauth/token', {
    ...form,
    refresh_token: tokens.body.refresh_token,
  });
  expect(refreshed.status).toBe(200);
});

it('no is no: the device is told, and nobody can say yes any more', async () => {
  const waiting = await begin();
  expect((await answer('/denial', waiting.userCode)).status).toBe(204);
  expect(said(await poll(waiting))).toEqual([400, 'access_denied']);
  expect(refusalOf(await allow(waiting.userCode))).toEqual(WRONG);
});

it('50 questions at once on two instances: one set of tokens', async () => {
  const waiting = await begin();
  await allow(waiting.userCode);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => pollAtOnce(waiting, instances.at(index).app)),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(new Set(answers.map(({ body }) => body.error))).toEqual(
    new Set([undefined, 'invalid_grant']),
  );
  const sessions = await app.stores.query('SELECT 1 FROM sessions WHERE client_id = $1', [tv.id]);
  expect(sessions.length).toBeGreaterThan(0);
  expect(said(await poll(waiting))).toEqual([400, 'invalid_grant']);
});

it('a device that asks too often is told to slow down, and has to wait longer from then on', async () => {
  const waiting = await begin();
  expect(said(await pollAtOnce(waiting))).toEqual([400, 'authorization_pending']);
  for (const interval of [10, 15]) {
    expect(said(await pollAtOnce(waiting, elsewhere))).toEqual([400, 'slow_down']);
    const rows = await app.stores.query(
      `SELECT interval_seconds FROM device_authorizations ORDER BY id DESC LIMIT 1`,
    );
    expect(rows).toEqual([{ interval_seconds: interval }]);
  }
});

it('after ten minutes both codes are over', async () => {
  const waiting = await begin();
  const forward = `UPDATE device_authorizations SET expires_at = clock_timestamp()`;
  await app.stores.query(forward);
  expect(said(await poll(waiting))).toEqual([400, 'expired_token']);
  expect(refusalOf(await allow(waiting.userCode))).toEqual(WRONG);
});

describe('a device code is worth nothing', () => {
  it('to another client', async () => {
    const other = await registerDevice();
    const waiting = await begin();
    await allow(waiting.userCode);
    expect(said(await poll({ ...waiting, device: other }))).toEqual([400, 'invalid_grant']);
    expect((await poll(waiting)).status).toBe(200);
  });

  it('without the secret of a client that has one', async () => {
    const box = await registerDevice({ type: 'confidential' });
    const waiting = await begin(box);
    await allow(waiting.userCode);
    const anonymous = { ...waiting, device: { id: box.id } };
    expect(said(await poll(anonymous))).toEqual([401, 'invalid_client']);
    expect((await poll(waiting)).status).toBe(200);
  });

  it('when it is made up, missing, or an authorization code in its place', async () => {
    const waiting = await begin();
    for (const [deviceCode, error] of [
      [`lko_${'A'.repeat(64)}`, 'invalid_grant'],
      [waiting.userCode, 'invalid_grant'],
      ['', 'invalid_request'],
    ] as const) {
      expect(said(await poll({ ...waiting, deviceCode }))).toEqual([400, error]);
    }
  });

  it.each<[string, () => Promise<unknown>]>([
    [
      'whose owner has withdrawn the consent',
      () => app.api.delete(`/auth/consents/${tv.id}`, { token: ada.accessToken }),
    ],
    [
      'whose owner has signed out',
      () => app.api.post('/auth/logout', undefined, { token: ada.accessToken }),
    ],
  ])('%s since', async (_, end) => {
    ada = await signUpAtBrowser(app);
    const waiting = await begin();
    expect((await allow(waiting.userCode)).status).toBe(204);
    await end();
    expect(said(await poll(waiting))[0]).toBe(400);
    ada = await signUpAtBrowser(app);
  });
});

describe('a client is refused', () => {
  it('that is not registered for it', async () => {
    const shop = await registerApp(app.api, admin, { type: 'public' });
    expect(said(await ask(shop, {}))).toEqual([400, 'unauthorized_client']);
    const waiting = await begin();
    const asOther = await poll({ ...waiting, device: shop });
    expect(said(asOther)).toEqual([400, 'unauthorized_client']);
  });

  it.each<[Record<string, string>, string]>([
    [{ scope: '' }, 'invalid_scope'],
    [{ scope: 'openid admin' }, 'invalid_scope'],
    [{ resource: 'https://x.example.com' }, 'invalid_target'],
  ])('%j', async (form, error) => {
    expect(said(await ask(tv, form))).toEqual([400, error]);
  });
});

describe('user codes', () => {
  it('are answered by the session of a sign-in, and not by the token of an app', async () => {
    const spa = await registerApp(app.api, admin, { type: 'public', firstParty: true });
    const { accessToken } = await signInAtApp(app.api, spa, ada);
    const { userCode } = await begin();
    for (const path of ['', '/question', '/denial']) {
      const byApp = await answer(path, userCode, { ...ada, accessToken });
      expect(refusalOf(byApp)).toEqual(refused(403, 'access.forbidden'));
      const byNobody = await app.api.post(`/auth/device${path}`, { userCode });
      expect(refusalOf(byNobody)).toEqual(refused(401, 'access.unauthenticated'));
      const byCookie = await app.api.post(
        `/auth/device${path}`,
        { userCode },
        { cookie: ada.ownCookies },
      );
      expect(byCookie.status).toBe(401);
    }
    expect((await allow(userCode)).status).toBe(204);
  });

  it('that are wrong are one answer, and no text is a 5xx', async () => {
    for (const code of ['BBBB-BBBB', '', 'x'.repeat(41), '\u0000', '🦊🦊']) {
      const refusal = refusalOf(await answer('/question', code));
      expect([WRONG, invalid('userCode')]).toContainEqual(refusal);
    }
  });

  it('are in no row of the database', async () => {
    const { userCode, deviceCode } = await begin();
    const rows = await app.stores.query(
      'SELECT to_jsonb(device) AS device FROM device_authorizations AS device',
    );
    const secrets = await app.stores.query(
      'SELECT to_jsonb(one) AS one FROM one_time_secrets AS one',
    );
    const all = JSON.stringify([rows, secrets]);
    expect(all).not.toContain(userCode);
    expect(all).not.toContain(userCode.replace('-', ''));
    expect(all).not.toContain(deviceCode.slice(4));
  });
});

it('a device asks for a resource, and its page says so', async () => {
  const { identifier } = await registerResource(app.api, admin, 'films');
  const scopes = ['openid', 'films:read'];
  const box = await registerDevice({ scopes });
  const waiting = await begin(box, { scope: 'openid films:read', resource: identifier });
  const { body } = await answer('/question', waiting.userCode);
  expect(body.resource).toEqual({
    identifier,
    name: 'films',
    scopes: [{ name: 'films:read', description: 'See your films' }],
  });
  await allow(waiting.userCode);
  const tokens = await poll(waiting);
  expect(claimsOf(tokens.body.access_token)).toMatchObject({ aud: identifier });
});

it('the session of a device ends with that of its owner', async () => {
  const bob = await signUpAtBrowser(app);
  const waiting = await begin();
  await allow(waiting.userCode, bob);
  const { access_token: token } = (await poll(waiting)).body;
  expect((await app.api.get('/oauth/userinfo', { token })).status).toBe(200);
  await app.api.post('/auth/logout', undefined, { token: bob.accessToken });
  for (const { api } of [app, elsewhere]) {
    const refusedThere = async () =>
      expect((await api.get('/oauth/userinfo', { token })).status).toBe(401);
    await eventually(refusedThere, { within: 5 });
  }
});
