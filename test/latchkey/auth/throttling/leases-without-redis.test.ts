import { expect, it } from 'vitest';
import { RedisLeases } from '../../../../src/latchkey/platform/limits/redis-leases.js';
import { createRedisClient } from '../../../../src/latchkey/platform/redis/create-redis-client.js';
import { eventually } from '../../../support/eventually.js';
import { TestRedis } from '../../../support/test-redis.js';

const ATTEMPTS = 12_000;
const REMEMBERED = 10_000;

it('attempts during an outage of Redis take a bounded memory, and are not all made up for', async () => {
  const redis = await TestRedis.start();
  const client = createRedisClient({ topology: 'single', url: redis.url }, '', 5_000);
  client.on('error', () => undefined);
  try {
    const leases = new RedisLeases(client, () => undefined);
    await redis.kill();
    await eventually(() => expect(client.status).not.toBe('ready'), { within: 5 });
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const lease = { key: 'account', holder: String(attempt) };
      expect(await leases.take(lease)).toBeNull();
      await leases.release(lease);
    }
    await redis.restart();
    await eventually(() => expect(client.status).toBe('ready'), { within: 10 });
    expect(await released(client)).toBe(REMEMBERED);
  } finally {
    client.disconnect();
    await redis.stop();
  }
});

/** Asked on the same connection: what was sent before has been carried out before. */
async function released(client: ReturnType<typeof createRedisClient>): Promise<number> {
  const statistics = await client.info('commandstats');
  return Number(/^cmdstat_zrem:calls=(\d+)/m.exec(statistics)?.[1] ?? 0);
}
