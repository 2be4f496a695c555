import { ReplyError } from 'ioredis';
import {
  type IRateLimiterRedisOptions,
  type RateLimiterAbstract,
  RateLimiterRedis,
  type RateLimiterRes,
} from 'rate-limiter-flexible';
import type { BoundedMemoryLimiter } from './bounded-memory-limiter.js';
import type { Limiter } from './counter.js';

type Key = string | number;
type Options = Record<string, unknown>;

/**
 * Counts in Redis, and remembers in the process what Redis has answered: while it does not answer,
 * or cannot count, the process goes on from there, so that no outage wipes the slate clean.
 */
export class RedisLimiter implements Limiter {
  private readonly redis: RateLimiterRedis;

  /** @param onSilence called when Redis has not answered; a refusal is an answer */
  constructor(
    options: IRateLimiterRedisOptions,
    private readonly memory: BoundedMemoryLimiter,
    private readonly onSilence: () => void,
  ) {
    this.redis = new RateLimiterRedis({ ...options, rejectIfRedisNotReady: true });
  }

  async penalty(key: Key, points?: number, options?: Options): Promise<RateLimiterRes> {
    const count = await this.ask((limiter) => limiter.penalty(key, points, options));
    return this.remembered(key, count);
  }

  async reward(key: Key, points?: number, options?: Options): Promise<RateLimiterRes> {
    const count = await this.ask((limiter) => limiter.reward(key, points, options));
    return this.remembered(key, count);
  }

  async get(key: Key): Promise<RateLimiterRes | null> {
    const count = await this.ask((limiter) => limiter.get(key));
    if (count !== null) return this.remembered(key, count);
    await this.memory.delete(key);
    return null;
  }

  async delete(key: Key): Promise<boolean> {
    await this.memory.delete(key);
    return this.ask((limiter) => limiter.delete(key));
  }

  private ask<T>(question: (limiter: RateLimiterAbstract) => Promise<T>): Promise<T> {
    return question(this.redis).catch((error: unknown) => {
      if (!(error instanceof ReplyError)) this.onSilence();
      return question(this.memory);
    });
  }

  private remembered(key: Key, count: RateLimiterRes): RateLimiterRes {
    const { consumedPoints, msBeforeNext } = count;
    if (msBeforeNext > 0) void this.memory.set(key, consumedPoints, msBeforeNext / 1000);
    return count;
  }
}
