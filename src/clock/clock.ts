/**
 * The time a process goes by. Injected, so that tests move it instead of waiting.
 *
 * Limits that several instances must agree on (sessions, grace periods) are judged by the
 * database's clock and never by this one.
 */
export abstract class Clock {
  /** Wall-clock time in milliseconds since the Unix epoch. Goes back only from what was wrong. */
  abstract now(): number;

  /** Milliseconds since an arbitrary start. Never steps: what durations are measured with. */
  abstract monotonic(): number;
}
