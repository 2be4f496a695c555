import { Clock } from '../clock/clock.js';

/** This machine's own clock, kept right by whoever runs it: there is no database to ask. */
export class MachineClock extends Clock {
  private latest = 0;

  override now(): number {
    this.latest = Math.max(this.latest, Date.now());
    return this.latest;
  }

  override monotonic(): number {
    return performance.now();
  }
}
