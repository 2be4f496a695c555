import { CLOCK_LEEWAY_SECONDS } from '../access/access-token-limits.js';
import { Clock } from '../clock/clock.js';

/** Within it a token that ends too early by this clock has not ended yet. */
const MOST_AHEAD_MILLISECONDS = CLOCK_LEEWAY_SECONDS * 1_000;

/**
 * This machine's own clock, kept right by whoever runs it: there is no database to ask. Of a small
 * step back it waits for the end. A larger one says that it was wrong before: whoever sets the
 * clock forward by mistake, and back, has not ended the tokens of hours.
 */
export class MachineClock extends Clock {
  private latest = 0;

  constructor(private readonly wallClock: () => number = Date.now) {
    super();
  }

  override now(): number {
    const now = this.wallClock();
    this.latest = Math.min(Math.max(this.latest, now), now + MOST_AHEAD_MILLISECONDS);
    return this.latest;
  }

  override monotonic(): number {
    return performance.now();
  }
}
