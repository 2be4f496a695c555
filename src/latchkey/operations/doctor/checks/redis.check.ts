import type { RedisClient } from '../../../platform/redis/create-redis-client.js';
import type { Check } from '../check.js';
import { ok, wrong } from '../finding.js';

/** XTRIM MINID, and what the proofs of the feed use: docs/redis.md. */
const OLDEST = [6, 2] as const;
const FULL = 0.9;

/** Whether Redis keeps what it is given, and takes it. */
export const redisCheck: Check = {
  part: 'redis',
  needs: 'redis',
  async *examine({ redis }) {
    if (redis === undefined) return;
    const facts = await factsOf(redis);
    const version = facts.get('redis_version') ?? '';
    yield ok(`Redis ${version} answers.`);
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
      yield wrong(`Redis ${version} is too old.`, 'Take 6.2 or later (docs/redis.md).');
    }
    if (facts.get('role') === 'slave') {
      yield wrong(
        'REDIS_URL leads to a replica, which takes nothing that is written.',
        'Let it lead to the master, or name the Sentinels (docs/redis.md).',
      );
    }
    const limit = Number(facts.get('maxmemory') ?? 0);
    const policy = facts.get('maxmemory_policy') ?? 'noeviction';
    if (limit > 0 && policy !== 'noeviction') {
      yield wrong(
        `Redis removes keys when it is full (maxmemory-policy ${policy}): revocations and counts of attempts with them.`,
        'Set maxmemory-policy to noeviction, or give Latchkey a Redis of its own (docs/redis.md).',
      );
    }
    if (limit > 0 && Number(facts.get('used_memory') ?? 0) > limit * FULL) {
      yield wrong(
        'Redis has used nine tenths of its maxmemory.',
        'Raise it, or move what else is in it elsewhere.',
      );
    }
    if (facts.get('rdb_last_bgsave_status') === 'err') {
      yield wrong(
        'Redis could not save its data, and by default takes nothing that is written until it can.',
        'Make room on its disk, or turn saving off: Latchkey needs no persistence (docs/redis.md).',
      );
    }
  },
};

async function factsOf(redis: RedisClient): Promise<ReadonlyMap<string, string>> {
  const lines = (await redis.info()).split('\r\n').filter((line) => line.includes(':'));
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
}
