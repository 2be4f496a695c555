import { LRUCache } from 'lru-cache';
import { type IRateLimiterOptions, RateLimiterMemory } from 'rate-limiter-flexible';

type Key = string | number;
type Options = Record<string, unknown>;

interface BoundedOptions extends IRateLimiterOptions {
  /** Keys remembered at most; some 500 bytes each. */
  readonly capacity: number;
}

/**
 * Counts in this process. Past its capacity it forgets whichever key has not been counted for
 * longest, so that no flood of new keys takes the process's memory.
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
