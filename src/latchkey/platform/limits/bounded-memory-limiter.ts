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
  private readonly keys: LRUCache<Key, true>;

  constructor({ capacity, ...options }: BoundedOptions) {
    super(options);
    this.keys = new LRUCache({
      max: capacity,
      dispose: (_, key, reason) => {
        if (reason === 'evict') void super.delete(key);
      },
    });
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
