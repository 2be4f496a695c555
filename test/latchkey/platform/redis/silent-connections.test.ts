import { expect, it } from 'vitest';
import { RedisConnections } from '../../../../src/latchkey/platform/redis/redis-connections.js';
import { eventually } from '../../../support/eventually.js';
import { createStores } from '../../../support/stores.js';
import { TcpProxy } from '../../../support/tcp-proxy.js';
import { TestApp } from '../../../support/test-app.js';

/** For a process that waits for its turn on a busy machine. */
const NOTICED = { within: 10 };

it('connections to Redis that a balancer has silently forgotten are given up, and opened again', async () => {
  const stores = await createStores();
  const url = new URL(stores.redisUrl);
  const way = await TcpProxy.start(Number(url.port));
  const redisUrl = Object.assign(url, { port: way.port }).href;
  const app = await TestApp.start({
    stores: { ...stores, redisUrl },
    env: { REVOCATION_POLL_SECONDS: '60', REVOCATION_MAX_STALENESS_SECONDS: '120' },
  });
  const commands = app.nest.get(RedisConnections, { strict: false }).command();
  const feed = async () => (await app.api.get('/health/ready')).body.details.revocation.redis;
  await eventually(async () => expect(await feed()).toBe('up'), NOTICED);
  expect(await commands.ping()).toBe('PONG');

  const before = way.connections;
  way.forget();
  await expect(commands.ping()).rejects.toThrow();
  await eventually(async () => expect(await commands.ping()).toBe('PONG'), NOTICED);
  // That of commands and that of blocking reads.
  await eventually(() => expect(way.connections).toBeGreaterThanOrEqual(before + 2), NOTICED);
  await eventually(async () => expect(await feed()).toBe('up'), NOTICED);

  await app.stop();
  await way.stop();
  await stores.drop();
});
