import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUp } from '../../../builders/accounts.js';
import { eventually } from '../../../support/eventually.js';
import type { Stores } from '../../../support/stores.js';
import { TestApp } from '../../../support/test-app.js';
import { TestPostgres } from '../../../support/test-postgres.js';
import { TestRedis } from '../../../support/test-redis.js';
import { onThisMachine } from '../../../support/time-limits.js';

/** A probe that gets no answer for longer counts as failed by most orchestrators. */
const PROBE_TIMEOUT_MILLISECONDS = onThisMachine(5_000);
const NOTICED = { within: 20 };

describe('what an orchestrator asks, while stores fail', () => {
  let postgres: TestPostgres;
  let redis: TestRedis;
  let app: TestApp;
  beforeAll(async () => {
    [postgres, redis] = await Promise.all([TestPostgres.start(), TestRedis.start()]);
    const stores: Stores = {
      databaseUrl: `${postgres.url}/postgres`,
      redisUrl: redis.url,
      query: () => Promise.reject(new Error('Nobody looks into this database.')),
      drop: async () => undefined,
    };
    const env = { REVOCATION_POLL_SECONDS: '1', REVOCATION_MAX_STALENESS_SECONDS: '2' };
    app = await TestApp.start({ stores, env });
  }, onThisMachine(60_000));
  afterAll(async () => {
    await app?.stop();
    await Promise.all([postgres?.stop(), redis?.stop()]);
  });

  const ready = async () => {
    const startedAt = performance.now();
    const { status, body, headers } = await app.api.get('/health/ready');
    expect(performance.now() - startedAt).toBeLessThan(PROBE_TIMEOUT_MILLISECONDS);
    expect(headers.get('cache-control')).toBe('no-store');
    return { status, down: Object.keys(body.error), revocation: body.details.revocation };
  };

  const becomes = (status: number, ...down: string[]) =>
    eventually(async () => expect(await ready()).toMatchObject({ status, down }), NOTICED);

  const expectToLive = async () =>
    expect(await app.api.get('/health/live')).toMatchObject({
      status: 200,
      body: { status: 'ok' },
    });

  it('is ready when everything is up, and names every part', async () => {
    const { status, body } = await app.api.get('/health/ready');
    expect([status, body.status]).toEqual([200, 'ok']);
    expect(body.details).toMatchObject({
      database: { status: 'up' },
      revocation: { status: 'up', redis: 'up' },
    });
    await expectToLive();
  });

  it.each([
    ['does not answer', () => postgres.pause(), () => postgres.resume()],
    ['has been killed', () => postgres.kill(), () => postgres.restart()],
  ])(
    'stays ready while Postgres %s, for guarded requests go on, and says so',
    async (_, fail, mend) => {
      await becomes(200);
      const { accessToken: token } = await signUp(app);
      await fail();
      await becomes(200, 'database');
      expect((await app.api.get('/health/ready')).body.status).toBe('degraded');
      expect((await app.api.get('/auth/me', { token })).status).toBe(200);
      await expectToLive();
      await mend();
      await becomes(200);
    },
    onThisMachine(60_000),
  );

  it(
    'stays ready without Redis, and says that it is down',
    async () => {
      await becomes(200);
      await redis.kill();
      const redisIs = (state: string) =>
        eventually(
          async () =>
            expect(await ready()).toMatchObject({ status: 200, revocation: { redis: state } }),
          NOTICED,
        );
      await redisIs('down');
      await redis.restart();
      await redisIs('up');
    },
    onThisMachine(60_000),
  );

  it(
    'is not ready once it cannot tell what has been revoked',
    async () => {
      await becomes(200);
      await Promise.all([postgres.pause(), redis.pause()]);
      await becomes(503, 'database', 'revocation');
      await expectToLive();
      await Promise.all([postgres.resume(), redis.resume()]);
      await becomes(200);
    },
    onThisMachine(60_000),
  );
});
