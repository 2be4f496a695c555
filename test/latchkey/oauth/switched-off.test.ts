/** `SINGLE_SIGN_ON=off`: nothing of it is there, and nothing costs more for it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PeriodicTask } from '../../../src/latchkey/platform/clock/periodic-task.js';
import { PASSWORD, type SignedIn, signIn, signUp, signUpAdmin } from '../../builders/accounts.js';
import { cookieHeaderOf, signInByCookie } from '../../builders/browsers.js';
import { postForm } from '../../builders/clients.js';
import { eventually } from '../../support/eventually.js';
import { recordStatements } from '../../support/recorded-statements.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { createStores, type Stores } from '../../support/stores.js';
import { startTestApp, TestApp } from '../../support/test-app.js';
import { WireTap } from '../../support/wire-tap.js';
import { describe as describeApi, type Route, routesOf } from '../contract/api-description.js';

const NOBODY = '0190f3c0-0000-7000-8000-000000000000';
/** What single sign-on keeps: nobody looks into it where there is none. */
const ITS_TABLES =
  /\b(?:oauth_clients|consents|resources|resource_scopes|pending_logouts|device_authorizations|used_client_assertions)\b/;

let stores: Stores;
let redis: WireTap;
let app: TestApp;
let admin: SignedIn;
/** Of an application that has it. */
let all: Route[];
/** How many tasks each has begun that come again by the clock. */
let tasks: { on: number; off: number };
beforeAll(async () => {
  const on = await tasksOf(() => startTestApp({ SINGLE_SIGN_ON: 'on' }));
  all = routesOf(await describeApi(on.started.api));
  await on.started[Symbol.asyncDispose]();
  stores = await createStores();
  redis = await WireTap.start(stores.redisUrl);
  const off = await tasksOf(() =>
    TestApp.start({
      stores: { ...stores, redisUrl: redis.url },
      env: { REVOCATION_POLL_SECONDS: '3600' },
    }),
  );
  app = off.started;
  tasks = { on: on.begun, off: off.begun };
  admin = await signUpAdmin(app);
});
afterAll(async () => {
  await app?.stop();
  redis?.stop();
  await stores?.drop();
});

const named = ({ method, path }: Route) => `${method} ${path}`;

describe('what is not there', () => {
  it('is in no description, and is all that is not: the rest is the same as with it', async () => {
    const here = new Set(routesOf(await describeApi(app.api)).map(named));
    const missing = all.filter((route) => !here.has(named(route)));
    expect(here.size + missing.length).toBe(all.length);
    expect(missing.length).toBeGreaterThan(25);
    const { accessToken } = admin;
    // Told to nobody without its token.
    for (const route of all.filter(({ path }) => path !== '/metrics')) {
      const isThere = here.has(named(route));
      const path = route.path.replace(/\{\w+\}/g, NOBODY);
      // What is there might sign the caller out.
      const token = isThere ? undefined : accessToken;
      const { status, text } = await app.api.send(route.method, path, undefined, { token });
      const isRefused = status === 404 && text.includes('request.not_found');
      expect([named(route), !isRefused]).toEqual([named(route), isThere]);
    }
  });

  it.each(['authorize', 'device', 'sign-out'])('is no page: %s', async (page) => {
    expect((await app.api.get(`/pages/${page}`)).status).toBe(404);
    expect((await app.api.get('/pages/sign-in')).status).toBe(200);
  });

  it('is said by no metadata', async () => {
    const { body } = await app.api.get('/.well-known/oauth-authorization-server');
    expect(
      Object.keys(body).filter((name) =>
        /authorization_endpoint|par|device|end_session/.test(name),
      ),
    ).toEqual([]);
    expect(body.grant_types_supported).toEqual(['client_credentials', 'refresh_token']);
  });

  const NOT_THERE = refused(404, 'request.not_found');
  const byAdmin = () => ({ token: admin.accessToken });
  async function expectNoGrant(form: Record<string, string>): Promise<void> {
    const { status, body } = await postForm(app.api, '/oauth/token', {
      client_id: NOBODY,
      ...form,
    });
    expect([status, body.error]).toEqual([400, 'unsupported_grant_type']);
  }

  it('is no signing in at apps', async () => {
    for (const path of ['authorize', 'userinfo'].map((name) => `/oauth/${name}`)) {
      expect([path, (await app.api.get(path)).status]).toEqual([path, 404]);
    }
    expect((await app.api.get('/.well-known/openid-configuration')).status).toBe(404);
    await expectNoGrant({ grant_type: 'authorization_code', code: 'x' });
  });

  it('is no pushed request', async () => {
    const answer = await postForm(app.api, '/oauth/par', { client_id: NOBODY });
    expect(refusalOf(answer)).toEqual(NOT_THERE);
  });

  it('is no signing out at the word of an app', async () => {
    expect((await app.api.get('/oauth/end-session')).status).toBe(404);
    expect((await app.api.post('/auth/sign-out', { request: '' })).status).toBe(404);
  });

  it('is no consent that an administrator sees or withdraws', async () => {
    const path = `/admin/users/${admin.userId}/consents`;
    expect(refusalOf(await app.api.get(path, byAdmin()))).toEqual(NOT_THERE);
    const withdrawn = await app.api.delete(`${path}/${NOBODY}`, byAdmin());
    expect(refusalOf(withdrawn)).toEqual(NOT_THERE);
  });

  it('is no resource', async () => {
    const path = `/admin/resources/${NOBODY}`;
    for (const answer of [
      await app.api.get('/admin/resources', byAdmin()),
      await app.api.post('/admin/resources', {}, byAdmin()),
      await app.api.get(path, byAdmin()),
      await app.api.patch(path, {}, byAdmin()),
      await app.api.delete(path, byAdmin()),
    ]) {
      expect(refusalOf(answer)).toEqual(NOT_THERE);
    }
  });

  it('is no signing in of devices', async () => {
    const asked = await postForm(app.api, '/oauth/device_authorization', { client_id: NOBODY });
    expect(refusalOf(asked)).toEqual(NOT_THERE);
    for (const path of ['', '/question', '/denial']) {
      const body = { userCode: 'BBBB-BBBB' };
      const answered = await app.api.post(`/auth/device${path}`, body, byAdmin());
      expect(refusalOf(answered)).toEqual(NOT_THERE);
    }
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
    await expectNoGrant({ grant_type, device_code: 'x' });
  });
});

/** Commands that reached Redis but for the feed's waiting, and statements that reached Postgres. */
async function costOf(work: () => Promise<unknown>) {
  redis.take();
  const statements = await recordStatements(work);
  const commands = [...redis.take().matchAll(/\*\d+\r\n\$\d+\r\n(\w+)/g)].map(([, name]) => name);
  return {
    statements,
    commands: commands.filter((name) => name?.toLowerCase() !== 'xread'),
  };
}

describe('what it costs', () => {
  it.each<[string, { sql: number; redis: number }, () => Promise<() => Promise<number>>]>([
    [
      'a guarded request',
      { sql: 0, redis: 0 },
      async () => {
        const { accessToken: token } = await signUp(app);
        return async () => (await app.api.get('/auth/me', { token })).status;
      },
    ],
    [
      'a sign-in',
      { sql: 9, redis: 0 },
      async () => {
        const { email } = await signUp(app);
        const body = { email, password: PASSWORD };
        return async () => (await app.api.post('/auth/login', body)).status;
      },
    ],
    [
      'a refresh by cookie',
      { sql: 2, redis: 0 },
      async () => {
        const { email } = await signUp(app);
        const cookie = cookieHeaderOf(await signInByCookie(app.api, email));
        return async () => (await app.api.post('/auth/refresh', undefined, { cookie })).status;
      },
    ],
    [
      'a refresh by body',
      { sql: 2, redis: 0 },
      async () => {
        const { refreshToken } = await signIn(app.api, (await signUp(app)).email);
        return async () => (await app.api.post('/auth/refresh', { refreshToken })).status;
      },
    ],
  ])('%s is what it was', async (_, cost, prepare) => {
    // What comes between by chance does not come twice.
    await eventually(
      async () => {
        const act = await prepare();
        const { statements, commands } = await costOf(async () => expect(await act()).toBe(200));
        expect(statements.filter((text) => ITS_TABLES.test(text))).toEqual([]);
        expect({ sql: statements.length, redis: commands.length }).toEqual(cost);
      },
      { within: 10 },
    );
  });

  it('signing out asks nothing of it either', async () => {
    const { accessToken: token } = await signUp(app);
    const { statements } = await costOf(() => app.api.post('/auth/logout', undefined, { token }));
    expect(statements.length).toBeGreaterThan(0);
    expect(statements.filter((text) => ITS_TABLES.test(text))).toEqual([]);
  });

  it('at a start, nothing begins that looks for its work', () => {
    expect(tasks.off).toBe(tasks.on - 1);
  });
});

/** Starts an application, and counts what it begins that comes again by the clock. */
async function tasksOf<App>(start: () => Promise<App>): Promise<{ started: App; begun: number }> {
  const { start: startTask } = PeriodicTask.prototype;
  let begun = 0;
  PeriodicTask.prototype.start = function (...parameters) {
    begun += 1;
    return startTask.apply(this, parameters);
  };
  try {
    const started = await start();
    return { started, begun };
  } finally {
    PeriodicTask.prototype.start = startTask;
  }
}
