import type { Redis } from 'ioredis';

/** How many commands a Redis has carried out since it started, those of this question left out. */
export async function countCommands(redis: Redis): Promise<number> {
  const statistics = await redis.info('commandstats');
  const calls = [...statistics.matchAll(/^cmdstat_(?!info)[^:]+:calls=(\d+)/gm)];
  return calls.reduce((sum, [, number]) => sum + Number(number), 0);
}
