import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf, forge } from '../../builders/access-tokens.js';
import { type SignedIn, signIn, signUp } from '../../builders/accounts.js';
import { eventually } from '../../support/eventually.js';
import { createStores, type Stores } from '../../support/stores.js';
import { TestApp } from '../../support/test-app.js';
import { WireTap } from '../../support/wire-tap.js';

/** A request that asks a store does so each time; few are over before what goes on by the clock. */
const REQUESTS = 25;

let stores: Stores;
let postgres: WireTap;
let redis: WireTap;
let app: TestApp;
let caller: SignedIn;

beforeAll(async () => {
  stores = await createStores();
  postgres = await WireTap.start(stores.databaseUrl);
  redis = await WireTap.start(stores.redisUrl);
  app = await TestApp.start({
    stores: { ...stores, databaseUrl: postgres.url, redisUrl: redis.url },
    // The safety net reads the log in between: once at the start is enough here.
    env: { REVOCATION_POLL_SECONDS: '3600' },
  });
  caller = await signUp(app);
});
afterAll(async () => {
  await app.stop();
  postgres.stop();
  redis.stop();
  await stores.drop();
});

/** What reaches the stores while the work is done: the bytes to Postgres, the commands to Redis. */
async function trafficDuring(work: () => Promise<unknown>) {
  postgres.take();
  redis.take();
  await work();
  const commands = [...redis.take().matchAll(/\*\d+\r\n\$\d+\r\n(\w+)/g)].map(([, name]) => name);
  // Waiting for revocations goes on all the time, requests or none; an idle connection is closed.
  return {
    sql: postgres.take().replaceAll('X\0\0\0\x04', ''),
    redis: commands.filter((name) => name?.toLowerCase() !== 'xread'),
  };
}

/**
 * A request that asks a store does so each time. What comes between by chance, such as a
 * connection that is opened anew, does not: then the requests are simply made once more.
 */
function expectSilence(work: () => Promise<unknown>): Promise<void> {
  return eventually(async () => expect(await trafficDuring(work)).toEqual({ sql: '', redis: [] }), {
    within: 10,
  });
}

async function get(path: string, tokens: readonly string[]): Promise<Set<number>> {
  const answers = await Promise.all(tokens.map((token) => app.api.get(path, { token })));
  return new Set(answers.map(({ status }) => status));
}
const many = (make: (index: number) => string) =>
  Array.from({ length: REQUESTS }, (_, i) => make(i));
const claims = () => claimsOf(caller.accessToken);

describe('a guarded GET sends nothing to Postgres and no command to Redis', () => {
  const cases: [string, string, number, () => string[]][] = [
    ['for a token that has been seen', '/auth/me', 200, () => many(() => caller.accessToken)],
    [
      'for a token at its first sight',
      '/auth/me',
      200,
      () => many((index) => forge(app, { ...claims(), jti: `first-${index}-${randomUUID()}` })),
    ],
    [
      'for an expired token',
      '/auth/me',
      401,
      () => many((index) => forge(app, { ...claims(), exp: index })),
    ],
    ['for a forged token', '/auth/me', 401, () => many((index) => `${caller.accessToken}${index}`)],
    [
      'for an unknown key',
      '/auth/me',
      401,
      () => many((index) => forge(app, claims(), { kid: `key-${index}` })),
    ],
    ['for a gateway that asks', '/auth/verify', 200, () => many(() => caller.accessToken)],
    [
      'for a gateway that demands a permission',
      '/auth/verify?permissions=reports:read',
      403,
      () => many(() => caller.accessToken),
    ],
    ['for a caller without permission', '/admin/users', 403, () => many(() => caller.accessToken)],
  ];
  it.each(cases)('%s', async (_, path, status, tokens) => {
    await expectSilence(async () => {
      expect(await get(path, tokens())).toEqual(new Set([status]));
    });
  });

  it('for a token of a session that has ended', async () => {
    const { accessToken: token } = await signIn(app.api, caller.email);
    await app.api.post('/auth/logout', undefined, { token });
    await expectSilence(async () => {
      expect(
        await get(
          '/auth/me',
          many(() => token),
        ),
      ).toEqual(new Set([401]));
    });
  });
});

it('would have been noticed', async () => {
  const reading = await trafficDuring(() => get('/users/me', [caller.accessToken]));
  expect(reading.sql).toContain('SELECT');
  const { accessToken: token } = await signIn(app.api, caller.email);
  const signingOut = await trafficDuring(() => app.api.post('/auth/logout', undefined, { token }));
  expect(signingOut.redis.join().toLowerCase()).toContain('xadd');
});
