import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DeploymentId } from '../../../../src/latchkey/platform/redis/deployment-id.js';
import { signUp } from '../../../builders/accounts.js';
import { eventually } from '../../../support/eventually.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { TestApp } from '../../../support/test-app.js';
import { repeated } from '../../../support/test-depth.js';
import { TestRedis } from '../../../support/test-redis.js';
import { onThisMachine } from '../../../support/time-limits.js';
import { passGoesBy, streamTellsOf } from '../../faults/stream-in-redis.js';

const INSTANCES = 3;
/** One takes a second for each. */
const PASSES = repeated({ quick: 3, full: 6 });

let stores: Stores;
let server: TestRedis;
let redis: Redis;
const apps: TestApp[] = [];
beforeAll(async () => {
  [stores, server] = await Promise.all([createStores(), TestRedis.start()]);
  redis = new Redis(server.url);
  redis.on('error', () => undefined);
  const env = { REDIS_URL: server.url, REVOCATION_POLL_SECONDS: '60' };
  while (apps.length < INSTANCES) apps.push(await TestApp.start({ stores, env }));
}, onThisMachine(60_000));
afterAll(async () => {
  await Promise.all(apps.map((app) => app.stop()));
  redis.disconnect();
  await Promise.all([server.stop(), stores.drop()]);
});

it('several instances make no more passes than one, by the clock of Redis', async () => {
  await passGoesBy(port());
  const [first] = (await completedPasses()).slice(-1);
  const news = await eventually(
    async () => {
      const passes = (await completedPasses()).filter((pass) => pass > Number(first));
      expect(passes.length).toBeGreaterThanOrEqual(PASSES);
      return passes;
    },
    { within: 20 },
  );
  // Each for itself, three instances need a third of the seconds.
  const seconds = (Number(news[PASSES - 1]) - Number(first)) / 1_000;
  expect(seconds).toBeGreaterThan(0.6 * PASSES);
});

it('what any instance could not publish is told, and what Redis has lost is published again', async () => {
  const sessions = await Promise.all(apps.map((app) => signUp(app)));
  await server.kill();
  for (const [index, app] of apps.entries()) {
    const token = sessions[index]?.accessToken;
    expect((await app.api.post('/auth/logout', undefined, { token })).status).toBe(204);
  }
  await server.restart();
  await streamTellsOf(port(), sessions);
  await redis.flushall();
  await streamTellsOf(port(), sessions);
});

it('another instance takes over when the one that passes is gone', async () => {
  for (const app of apps.splice(1)) {
    await app.stop();
    await passGoesBy(port());
  }
});

const port = () => Number(new URL(server.url).port);

/** When each of them was completed. */
async function completedPasses(): Promise<number[]> {
  const { keyPrefix } = (apps[0] as TestApp).nest.get(DeploymentId);
  const passes = await redis.xrange(`${keyPrefix}{revocations}:passes`, '-', '+');
  return passes.filter(([, [step]]) => step === 'complete').map(([id]) => Number.parseInt(id, 10));
}
