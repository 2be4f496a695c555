import { CLOCK_LEEWAY_SECONDS } from '../../access/verification/access-token-limits.js';
import { Clock, type Moment } from '../../platform/clock/clock.js';

/** Within it a token that ends too early by this clock has not ended yet. */
const MOST_AHEAD_MILLISECONDS = CLOCK_LEEWAY_SECONDS * 1_000;

/** For so long the monotonic clock counts on from what the machine's clock has said. */
const COUNTED_ON_MILLISECONDS = 100;

/**
 * This machine's own clock, which the operator keeps right: there is no database to ask. A small
 * step back is waited out. A larger one means that the clock was wrong before: setting it forward
 * by mistake and back again must not leave the tokens of hours expired.
 *
 * A request is judged by one reading, of the monotonic clock. The machine's clock is read ten times
 * a second at most: so soon is it heeded when it is set, or has gone on while the machine slept.
 */
export class MachineClock extends Clock {
  private offset = 0;
  private readAt = Number.NEGATIVE_INFINITY;
  private latest = 0;

  constructor(
    private readonly wallClock: () => number = Date.now,
    private readonly stopwatch: () => number = () => performance.now(),
  ) {
    super();
  }

  override moment(): Moment {
    const monotonic = this.stopwatch();
    if (monotonic - this.readAt > COUNTED_ON_MILLISECONDS) {
      this.offset = this.wallClock() - monotonic;
      this.readAt = monotonic;
    }
    const wall = monotonic + this.offset;
    this.latest = Math.min(Math.max(this.latest, wall), wall + MOST_AHEAD_MILLISECONDS);
    return { now: this.latest, monotonic };
  }
}
