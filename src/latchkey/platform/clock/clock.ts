/** One reading of a clock: a request is judged by one. */
export interface Moment {
  /** Wall-clock time in milliseconds since the Unix epoch. Goes back only from what was wrong. */
  readonly now: number;
  /** Milliseconds since an arbitrary start. Never steps: what durations are measured with. */
  readonly monotonic: number;
}

/** A clock that was ahead has been set back, in milliseconds since the Unix epoch. */
export interface SetBack {
  readonly from: number;
  readonly to: number;
}

/**
 * The time a process goes by. Injected, so that tests move it instead of waiting.
 *
 * Limits that several instances must agree on (sessions, grace periods) are judged by the
 * database's clock and never by this one.
 */
export abstract class Clock {
  /** The last time that it was; what had expired by `from` has expired for good. */
  readonly setBack: SetBack | null = null;

  abstract moment(): Moment;

  now(): number {
    return this.moment().now;
  }

  monotonic(): number {
    return this.moment().monotonic;
  }
}
