import { type Counter, type Counters, secondsOf } from './counters.js';
import type { AdmittedAttempt, HeldUpAttempt, JudgedLimit } from './judged-limit.js';
import type { QuotaPolicy, ServiceLimit } from './service-limit.js';
import type { UndecidedAttempts } from './undecided-attempts.js';

/** So many attempts of each subject that count, in a window that begins with the first of them. */
export class JudgedWindow implements JudgedLimit {
  private readonly counted: Counter;
  private readonly undecided: UndecidedAttempts;

  constructor(
    private readonly counters: Counters,
    readonly policy: QuotaPolicy,
  ) {
    counters.policyNames.add(policy.name);
    this.counted = counters.create(policy.name, policy.windowSeconds);
    this.undecided = counters.createUndecided(policy.name);
  }

  async findRefusal(subject: string): Promise<ServiceLimit | null> {
    const counted = await this.counted.find(this.counters.keyOf(subject));
    if (counted === null || counted.consumedPoints < this.policy.quota) return null;
    return this.limit(0, secondsOf(counted));
  }

  /** Asked in this order: what is not undecided any more has been counted by then (see `count`). */
  async reserve(subject: string): Promise<AdmittedAttempt | HeldUpAttempt> {
    const key = this.counters.keyOf(subject);
    const [attempt, counted] = await Promise.all([
      this.undecided.take(key),
      this.counted.find(key),
    ]);
    const left = this.policy.quota - (counted?.consumedPoints ?? 0);
    const seconds = counted === null ? this.policy.windowSeconds : secondsOf(counted);
    const limit = this.limit(Math.max(0, left - attempt.total), seconds);
    if (attempt.total > left) {
      void attempt.release();
      return { outcome: left <= 0 ? 'refused' : 'undecided', limit };
    }
    return {
      outcome: 'admitted',
      limit,
      count: async () => {
        // In this order: meanwhile it is seen twice rather than not at all.
        const { consumedPoints, msBeforeNext } = await this.counted.count(key);
        await attempt.release();
        const isLast = consumedPoints === this.policy.quota;
        return isLast ? this.limit(0, secondsOf({ msBeforeNext })) : null;
      },
      succeed: attempt.release,
      withdraw: attempt.release,
    };
  }

  lift(subject: string): Promise<void> {
    return this.counted.forget(this.counters.keyOf(subject));
  }

  private limit(remaining: number, resetSeconds: number): ServiceLimit {
    return { policy: this.policy, remaining, resetSeconds };
  }
}
