import { ReplyError } from 'ioredis';
import { LRUCache } from 'lru-cache';
import type { RedisClient } from '../redis/create-redis-client.js';

const LEASE_MILLISECONDS = 60_000;
/** Beyond that the oldest are left to end by themselves. */
const MAX_UNRELEASED = 10_000;

/** By the clock of Redis: those of the instances may differ. */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('ZCARD', KEYS[1])
`;

interface Lease {
  readonly key: string;
  readonly holder: string;
}

/**
 * Who holds what, by key, for all instances together. A lease ends when it is released, and after a
 * minute if its process has ended before.
 */
export class RedisLeases {
  /** Taken or not, as far as is known: Redis fell silent meanwhile. What has ended needs no release. */
  private readonly unreleased = new LRUCache<Lease, true>({
    max: MAX_UNRELEASED,
    ttl: LEASE_MILLISECONDS,
  });

  /** @param onSilence called when Redis has not answered; a refusal is an answer */
  constructor(
    private readonly client: RedisClient,
    private readonly onSilence: () => void,
  ) {
    // A command that was sent before is carried out before: Redis was told on a connection that it
    // has read to its end when this one is ready.
    client.on('ready', () => this.releaseRest());
  }

  /** How many hold the key now, this one included; null when Redis does not say. */
  async take(lease: Lease): Promise<number | null> {
    if (this.client.status !== 'ready') return null;
    try {
      return Number(
        await this.client.eval(TAKE, 1, lease.key, lease.holder, String(LEASE_MILLISECONDS)),
      );
    } catch (error) {
      if (!(error instanceof ReplyError)) this.onSilence();
      return null;
    }
  }

  /** Never fails: what cannot be released now is once Redis answers again. */
  async release(lease: Lease): Promise<void> {
    try {
      await this.client.zrem(lease.key, lease.holder);
    } catch {
      this.unreleased.set(lease, true);
    }
  }

  private releaseRest(): void {
    const rest = [...this.unreleased.keys()];
    this.unreleased.clear();
    for (const lease of rest) void this.release(lease);
  }
}
