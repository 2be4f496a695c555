import type { CountedAttempt } from './counted-attempt.js';
import type { Counters } from './counters.js';
import type { Limiter } from './limiter.js';
import { secondsOf } from './seconds-of.js';
import type { QuotaPolicy } from './service-limit.js';
import type { ThrottleConfig } from './throttle.config.js';

const REFUSED = {
  admitted: false,
  isLast: false,
  succeed: async () => undefined,
  withdraw: async () => undefined,
};

/**
 * Failures in a row at one secret. So many may come at once; from then on each one begins a pause,
 * twice as long as the one before. A success ends the row. What is refused during a pause leaves
 * no trace, so that nobody prolongs it.
 *
 * The attempt that may be the last begins the pause as it is let in: of a hundred at once, no more
 * than the limit are.
 */
export class FailureRow {
  readonly policy: QuotaPolicy;
  private readonly attempts: Limiter;
  private readonly pauses: Limiter;
  private readonly pausesBegun: Limiter;

  /** @param capacity how many rows are remembered without Redis; each pause takes a whole row */
  constructor(
    name: string,
    private readonly counters: Counters,
    private readonly config: ThrottleConfig,
    capacity?: number,
  ) {
    const { failuresInARow, rowSeconds } = config;
    this.policy = { name, quota: failuresInARow, windowSeconds: rowSeconds };
    this.attempts = counters.create(name, rowSeconds, capacity);
    this.pauses = counters.create(`${name}:pause`, config.firstPauseSeconds);
    this.pausesBegun = counters.create(`${name}:pauses-begun`, rowSeconds);
  }

  async count(subject: string): Promise<CountedAttempt> {
    const key = this.counters.keyOf(subject);
    const pause = await this.pauses.get(key);
    if (pause !== null && pause.msBeforeNext > 0) return this.refused(secondsOf(pause));
    const counted = await this.attempts.penalty(key);
    const remaining = this.policy.quota - counted.consumedPoints;
    if (remaining <= 0) return this.beginPause(key);
    return {
      admitted: true,
      limit: { policy: this.policy, remaining, resetSeconds: secondsOf(counted) },
      isLast: false,
      succeed: () => this.end(key),
      withdraw: async () => {
        await this.attempts.reward(key);
      },
    };
  }

  /** Lets in only whoever begins the pause. Others that came as far stay in the row. */
  private async beginPause(key: string): Promise<CountedAttempt> {
    const begunBefore = (await this.pausesBegun.get(key))?.consumedPoints ?? 0;
    const { firstPauseSeconds, longestPauseSeconds } = this.config;
    const customDuration = Math.min(firstPauseSeconds * 2 ** begunBefore, longestPauseSeconds);
    const pause = await this.pauses.penalty(key, 1, { customDuration });
    if (pause.consumedPoints > 1) return this.refused(secondsOf(pause));
    await this.pausesBegun.penalty(key);
    return {
      admitted: true,
      limit: { policy: this.policy, remaining: 0, resetSeconds: secondsOf(pause) },
      isLast: true,
      succeed: () => this.end(key),
      withdraw: async () => {
        await Promise.all([
          this.attempts.reward(key),
          this.pauses.delete(key),
          this.pausesBegun.reward(key),
        ]);
      },
    };
  }

  private refused(resetSeconds: number): CountedAttempt {
    return { ...REFUSED, limit: { policy: this.policy, remaining: 0, resetSeconds } };
  }

  private async end(key: string): Promise<void> {
    await Promise.all(
      [this.attempts, this.pauses, this.pausesBegun].map((limiter) => limiter.delete(key)),
    );
  }
}
