import { ReplyError } from 'ioredis';
import { LRUCache } from 'lru-cache';
import {
  type IRateLimiterOptions,
  type IRateLimiterRedisOptions,
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  type RateLimiterRes,
} from 'rate-limiter-flexible';

type Key = string | number;
type Options = Record<string, unknown>;

/** Where something is counted: what is asked of it, wherever it is. */
export type Limiter = Pick<RateLimiterAbstract, 'penalty' | 'reward' | 'get' | 'delete'>;

interface BoundedOptions extends IRateLimiterOptions {
  /** Keys remembered at most; some 500 bytes each. */
  readonly capacity: number;
}

/**
 * Counts in this process. Past its capacity it forgets the key that was counted least recently, so
 * that a flood of new keys cannot fill the process's memory.
 */
export class BoundedMemoryLimiter extends RateLimiterMemory {
  private readonly capacity: number;
  private remembered?: LRUCache<Key, true>;

  constructor({ capacity, ...options }: BoundedOptions) {
    super(options);
    this.capacity = capacity;
  }

  /** Takes all its room at once, and where Redis counts there is mostly nothing to remember here. */
  private get keys(): LRUCache<Key, true> {
    this.remembered ??= new LRUCache({
      max: this.capacity,
      dispose: (_, key, reason) => {
        if (reason === 'evict') void super.delete(key);
      },
    });
    return this.remembered;
  }

  override penalty(key: Key, points?: number, options?: Options) {
    this.keys.set(key, true);
    return super.penalty(key, points, options);
  }

  override reward(key: Key, points?: number, options?: Options) {
    this.keys.set(key, true);
    return super.reward(key, points, options);
  }

  override set(key: Key, points: number, durationSeconds: number) {
    this.keys.set(key, true);
    return super.set(key, points, durationSeconds);
  }

  override delete(key: Key) {
    this.keys.delete(key);
    return super.delete(key);
  }
}

/**
 * Counts in Redis, and remembers in the process what Redis has answered: while it does not answer,
 * or cannot count, the process goes on from there, so that an outage resets no count.
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
