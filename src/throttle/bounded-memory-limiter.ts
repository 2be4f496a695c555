import { LRUCache } from 'lru-cache';
import { type IRateLimiterOptions, RateLimiterMemory } from 'rate-limiter-flexible';

type Key = string | number;
type Options = Record<string, unknown>;

/** Keys remembered at most; some 400 bytes each. */
const CAPACITY = 10_000;

/**
 * Counts in this process. Past its capacity it forgets whichever key has not been counted for
 * longest, so that no flood of new keys takes the process's memory.
 */
export class BoundedMemoryLimiter extends RateLimiterMemory {
  private readonly keys = new LRUCache<Key, true>({
    max: CAPACITY,
    dispose: (_, key, reason) => {
      if (reason === 'evict') void super.delete(key);
    },
  });

  /** @param onUse called when something is counted or asked here, and not only noted by `set` */
  constructor(
    options: IRateLimiterOptions,
    private readonly onUse: () => void = () => undefined,
  ) {
    super(options);
  }

  override penalty(key: Key, points?: number, options?: Options) {
    this.onUse();
    this.keys.set(key, true);
    return super.penalty(key, points, options);
  }

  override reward(key: Key, points?: number, options?: Options) {
    this.onUse();
    this.keys.set(key, true);
    return super.reward(key, points, options);
  }

  override set(key: Key, points: number, durationSeconds: number) {
    this.keys.set(key, true);
    return super.set(key, points, durationSeconds);
  }

  override get(key: Key) {
    this.onUse();
    return super.get(key);
  }

  override delete(key: Key) {
    this.keys.delete(key);
    return super.delete(key);
  }
}
