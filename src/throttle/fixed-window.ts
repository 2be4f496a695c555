import type { CountedAttempt } from './counted-attempt.js';
import type { Counters } from './counters.js';
import type { Limiter } from './limiter.js';
import { secondsOf } from './seconds-of.js';
import type { QuotaPolicy } from './service-limit.js';

/** So many attempts of each subject in a window that begins with the first. */
export class FixedWindow {
  private readonly attempts: Limiter;

  constructor(
    private readonly counters: Counters,
    readonly policy: QuotaPolicy,
  ) {
    this.attempts = counters.create(policy.name, policy.windowSeconds);
  }

  async count(subject: string): Promise<CountedAttempt> {
    const key = this.counters.keyOf(subject);
    const counted = await this.attempts.penalty(key);
    const remaining = this.policy.quota - counted.consumedPoints;
    const withdraw = async () => {
      await this.attempts.reward(key);
    };
    if (remaining < 0) await withdraw();
    return {
      admitted: remaining >= 0,
      limit: {
        policy: this.policy,
        remaining: Math.max(0, remaining),
        resetSeconds: secondsOf(counted),
      },
      isLast: remaining === 0,
      succeed: withdraw,
      withdraw,
    };
  }
}
