import {
  type IRateLimiterRedisOptions,
  RateLimiterRedis,
  type RateLimiterRes,
} from 'rate-limiter-flexible';
import type { BoundedMemoryLimiter } from './bounded-memory-limiter.js';

type Key = string | number;
type Options = Record<string, unknown>;

/**
 * Counts in Redis, and remembers in the process what Redis has answered: while it does not answer,
 * the process goes on from there, so that no outage wipes the slate clean.
 */
export class RedisLimiter extends RateLimiterRedis {
  constructor(
    options: IRateLimiterRedisOptions,
    private readonly memory: BoundedMemoryLimiter,
  ) {
    super({ ...options, rejectIfRedisNotReady: true, insuranceLimiter: memory });
  }

  override async penalty(key: Key, points?: number, options?: Options) {
    return this.remembered(key, await super.penalty(key, points, options));
  }

  override async reward(key: Key, points?: number, options?: Options) {
    return this.remembered(key, await super.reward(key, points, options));
  }

  override async get(key: Key, options?: Options) {
    const count = await super.get(key, options);
    if (count !== null) return this.remembered(key, count);
    await this.memory.delete(key);
    return null;
  }

  override async delete(key: Key, options?: Options) {
    await this.memory.delete(key);
    return super.delete(key, options);
  }

  private remembered(key: Key, count: RateLimiterRes): RateLimiterRes {
    const { consumedPoints, msBeforeNext } = count;
    if (msBeforeNext > 0) void this.memory.set(key, consumedPoints, msBeforeNext / 1000);
    return count;
  }
}
