/** `SINGLE_SIGN_ON=off`: nothing of it is there, and nothing costs more for it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PeriodicTask } from '../../../src/latchkey/platform/clock/periodic-task.js';
import { PASSWORD, type SignedIn, signIn, signUp, signUpAdmin } from '../../builders/accounts.js';
import { cookieHeaderOf, signInByCookie } from '../../builders/browsers.js';
import { eventually } from '../../support/eventually.js';
import { recordStatements } from '../../support/recorded-statements.js';
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
beforeAll(async () => {
  stores = await createStores();
  redis = await WireTap.start(stores.redisUrl);
  app = await TestApp.start({
    stores: { ...stores, redisUrl: redis.url },
    env: { REVOCATION_POLL_SECONDS: '3600' },
  });
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
    await using on = await startTestApp({ SINGLE_SIGN_ON: 'on' });
    const all = routesOf(await describeApi(on.api));
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

  it('at a start, nothing begins that looks for its work', async () => {
    expect(await tasksOf({})).toBe((await tasksOf({ SINGLE_SIGN_ON: 'on' })) - 1);
  });
});

/** How many tasks an application of these settings begins that come again by the clock. */
async function tasksOf(env: Record<string, string>): Promise<number> {
  const { start } = PeriodicTask.prototype;
  let begun = 0;
  PeriodicTask.prototype.start = function (...parameters) {
    begun += 1;
    return start.apply(this, parameters);
  };
  try {
    await using _started = await startTestApp(env);
    return begun;
  } finally {
    PeriodicTask.prototype.start = start;
  }
}
