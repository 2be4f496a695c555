import { type Counter, type Counters, secondsOf } from './counters.js';
import type { CountedAttempt, QuotaPolicy } from './service-limit.js';

/** So many attempts of each subject in a window that begins with the first, however they end. */
export class FixedWindow {
  private readonly attempts: Counter;

  constructor(
    private readonly counters: Counters,
    readonly policy: QuotaPolicy,
    countedAs: string = policy.name,
  ) {
    counters.policyNames.add(policy.name);
    this.attempts = counters.create(countedAs, policy.windowSeconds);
  }

  async count(subject: string): Promise<CountedAttempt> {
    const counted = await this.attempts.count(this.counters.keyOf(subject));
    const remaining = this.policy.quota - counted.consumedPoints;
    if (remaining < 0) await counted.takeBack();
    return {
      admitted: remaining >= 0,
      limit: {
        policy: this.policy,
        remaining: Math.max(0, remaining),
        resetSeconds: secondsOf(counted),
      },
    };
  }
}
