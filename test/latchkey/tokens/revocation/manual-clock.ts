import { Clock, type Moment } from '../../../../src/latchkey/platform/clock/clock.js';

/** A clock that a test moves. */
export class ManualClock extends Clock {
  private wall = Date.parse('2026-01-01T00:00:00Z');
  private elapsed = 0;

  override moment(): Moment {
    return { now: this.wall, monotonic: this.elapsed };
  }

  /** Time passes. */
  advance(seconds: number): void {
    this.wall += seconds * 1_000;
    this.elapsed += seconds * 1_000;
  }

  /** Somebody sets the wall clock; no time passes. */
  step(seconds: number): void {
    this.wall += seconds * 1_000;
  }
}
