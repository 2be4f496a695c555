import { afterAll, beforeAll, expect, it } from 'vitest';
import { signUp } from '../../../builders/accounts.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { TestApp } from '../../../support/test-app.js';
import { TestRedis } from '../../../support/test-redis.js';
import { streamTellsOf } from '../../faults/stream-in-redis.js';

let stores: Stores;
let redis: TestRedis;
let app: TestApp;
beforeAll(async () => {
  [stores, redis] = await Promise.all([createStores(), TestRedis.start()]);
  app = await TestApp.start({
    stores,
    env: { REDIS_URL: redis.url, REVOCATION_POLL_SECONDS: '60' },
  });
});
afterAll(async () => {
  await app.stop();
  await Promise.all([redis.stop(), stores.drop()]);
});

it('what was revoked without Redis is told when it is back, however seldom the log is read', async () => {
  const port = redis.port;
  await streamTellsOf(port, []);
  const session = await signUp(app);
  await redis.kill();
  const token = session.accessToken;
  expect((await app.api.post('/auth/logout', undefined, { token })).status).toBe(204);
  await redis.restart();
  await streamTellsOf(port, [session]);
});
