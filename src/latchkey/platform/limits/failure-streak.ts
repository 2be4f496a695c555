import { type Counter, type Counters, secondsOf } from './counters.js';
import type { AdmittedAttempt, HeldUpAttempt, JudgedLimit } from './judged-limit.js';
import type { QuotaPolicy, ServiceLimit } from './service-limit.js';
import type { UndecidedAttempts } from './undecided-attempts.js';

export interface StreakSettings {
  /** So many failures may come before the first pause. */
  readonly failuresInARow: number;
  readonly firstPauseSeconds: number;
  readonly longestPauseSeconds: number;
  /** A streak is forgotten so long after its first failure. */
  readonly rowSeconds: number;
}

/**
 * Failures in a row at one secret. So many may come at once; from then on each one begins a pause,
 * twice as long as the one before. A success ends the streak. An attempt that is refused during a
 * pause is not counted, so that it cannot prolong the pause.
 */
export class FailureStreak implements JudgedLimit {
  readonly policy: QuotaPolicy;
  private readonly failures: Counter;
  private readonly pauses: Counter;
  private readonly pausesBegun: Counter;
  private readonly undecided: UndecidedAttempts;

  /**
   * @param capacity how many streaks are remembered without Redis
   * @param countedAs what it is counted under, where that is not its name
   */
  constructor(
    name: string,
    private readonly counters: Counters,
    private readonly settings: StreakSettings,
    capacity?: number,
    countedAs: string = name,
  ) {
    const { failuresInARow, firstPauseSeconds, rowSeconds } = settings;
    this.policy = { name, quota: failuresInARow, windowSeconds: rowSeconds };
    counters.policyNames.add(name);
    this.failures = counters.create(countedAs, rowSeconds, capacity);
    this.pauses = counters.create(`${countedAs}:pause`, firstPauseSeconds);
    this.pausesBegun = counters.create(`${countedAs}:pauses-begun`, rowSeconds);
    this.undecided = counters.createUndecided(countedAs);
  }

  async findRefusal(subject: string): Promise<ServiceLimit | null> {
    const pause = await this.pauses.find(this.counters.keyOf(subject));
    return isRunning(pause) ? this.limit(0, secondsOf(pause)) : null;
  }

  /** Asked in this order: what is not undecided any more has been counted by then (see `fail`). */
  async reserve(subject: string): Promise<AdmittedAttempt | HeldUpAttempt> {
    const key = this.counters.keyOf(subject);
    const [attempt, pause, failures] = await Promise.all([
      this.undecided.take(key),
      this.pauses.find(key),
      this.failures.find(key),
    ]);
    const seconds = failures === null ? this.settings.rowSeconds : secondsOf(failures);
    // One is let in after a pause.
    const left = Math.max(1, this.policy.quota - (failures?.consumedPoints ?? 0));
    if (isRunning(pause) || attempt.total > left) {
      void attempt.release();
      return isRunning(pause)
        ? { outcome: 'refused', limit: this.limit(0, secondsOf(pause)) }
        : { outcome: 'undecided', limit: this.limit(0, seconds) };
    }
    return {
      outcome: 'admitted',
      limit: this.limit(left - attempt.total, seconds),
      count: async () => {
        const pauseBegun = await this.fail(key);
        await attempt.release();
        return pauseBegun;
      },
      succeed: async () => {
        await Promise.all([this.end(key), attempt.release()]);
      },
      withdraw: attempt.release,
    };
  }

  lift(subject: string): Promise<void> {
    return this.end(this.counters.keyOf(subject));
  }

  /**
   * Counts the failure before it releases the attempt, so that a concurrent reader never sees fewer
   * than there are.
   */
  private async fail(key: string): Promise<ServiceLimit | null> {
    const { consumedPoints } = await this.failures.count(key);
    if (consumedPoints < this.policy.quota) return null;
    const begunBefore = (await this.pausesBegun.find(key))?.consumedPoints ?? 0;
    const { firstPauseSeconds, longestPauseSeconds } = this.settings;
    const seconds = Math.min(firstPauseSeconds * 2 ** begunBefore, longestPauseSeconds);
    const pause = await this.pauses.count(key, seconds);
    if (pause.consumedPoints > 1) return null;
    await this.pausesBegun.count(key);
    return this.limit(0, secondsOf(pause));
  }

  private async end(key: string): Promise<void> {
    await Promise.all(
      [this.failures, this.pauses, this.pausesBegun].map((counter) => counter.forget(key)),
    );
  }

  private limit(remaining: number, resetSeconds: number): ServiceLimit {
    return { policy: this.policy, remaining, resetSeconds };
  }
}

type Found = Awaited<ReturnType<Counter['find']>>;

function isRunning(pause: Found): pause is NonNullable<Found> {
  return pause !== null && pause.msBeforeNext > 0;
}
