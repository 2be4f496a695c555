import type { CountedAttempt } from './counted-attempt.js';
import type { Count, Counter } from './counter.js';
import type { Counters } from './counters.js';
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
  private readonly attempts: Counter;
  private readonly pauses: Counter;
  private readonly pausesBegun: Counter;

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
    const pause = await this.pauses.find(key);
    if (pause !== null && pause.msBeforeNext > 0) return this.refused(secondsOf(pause));
    const counted = await this.attempts.count(key);
    const remaining = this.policy.quota - counted.consumedPoints;
    if (remaining <= 0) return this.beginPause(key, counted);
    return {
      admitted: true,
      limit: { policy: this.policy, remaining, resetSeconds: secondsOf(counted) },
      isLast: false,
      succeed: () => this.end(key),
      withdraw: counted.takeBack,
    };
  }

  /** Lets in only whoever begins the pause. Others that came as far stay in the row. */
  private async beginPause(key: string, counted: Count): Promise<CountedAttempt> {
    const begunBefore = (await this.pausesBegun.find(key))?.consumedPoints ?? 0;
    const { firstPauseSeconds, longestPauseSeconds } = this.config;
    const seconds = Math.min(firstPauseSeconds * 2 ** begunBefore, longestPauseSeconds);
    const pause = await this.pauses.count(key, seconds);
    if (pause.consumedPoints > 1) return this.refused(secondsOf(pause));
    const begun = await this.pausesBegun.count(key);
    return {
      admitted: true,
      limit: { policy: this.policy, remaining: 0, resetSeconds: secondsOf(pause) },
      isLast: true,
      succeed: () => this.end(key),
      withdraw: async () => {
        await Promise.all([counted.takeBack(), pause.forgetKey(), begun.takeBack()]);
      },
    };
  }

  private refused(resetSeconds: number): CountedAttempt {
    return { ...REFUSED, limit: { policy: this.policy, remaining: 0, resetSeconds } };
  }

  private async end(key: string): Promise<void> {
    await Promise.all(
      [this.attempts, this.pauses, this.pausesBegun].map((counter) => counter.forget(key)),
    );
  }
}
