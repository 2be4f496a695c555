import { type RateLimiterAbstract, type RateLimiterRes } from 'rate-limiter-flexible';
import { type Clock } from '../clock/clock.js';

/** Where something is counted: what is asked of it, wherever it is. */
export type Limiter = Pick<RateLimiterAbstract, 'penalty' | 'reward' | 'get' | 'delete'>;

/** How long a count lives on, in whole seconds and at least one: nobody is told to come at once. */
export function secondsOf({ msBeforeNext }: Pick<RateLimiterRes, 'msBeforeNext'>): number {
  return Math.max(1, Math.ceil(msBeforeNext / 1000));
}

/**
 * One that has been counted, and how long the key's time still is. Once that is over nothing can be
 * undone any more: what the key counts by then belongs to others.
 */
export interface Count {
  readonly consumedPoints: number;
  readonly msBeforeNext: number;
  takeBack(): Promise<void>;
}

/** Counts by key, each for a time that begins with its first count. */
export class Counter {
  constructor(
    private readonly limiter: Limiter,
    private readonly clock: Clock,
  ) {}

  /** @param customDuration in seconds, instead of the usual time, for a key that has none running */
  async count(key: string, customDuration?: number): Promise<Count> {
    const since = this.clock.monotonic();
    const { consumedPoints, msBeforeNext } = await this.limiter.penalty(key, 1, { customDuration });
    const isOver = () => this.clock.monotonic() - since >= msBeforeNext;
    return {
      consumedPoints,
      msBeforeNext,
      takeBack: async () => {
        if (!isOver()) await this.limiter.reward(key);
      },
    };
  }

  find(key: string): Promise<RateLimiterRes | null> {
    return this.limiter.get(key);
  }

  async forget(key: string): Promise<void> {
    await this.limiter.delete(key);
  }
}
