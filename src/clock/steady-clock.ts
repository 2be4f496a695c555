import { Clock, type Moment } from './clock.js';

/** How much slower the clock runs, as a part of its speed, while it waits for the authority. */
const SLOWDOWN = 0.5;

/**
 * Wall-clock time that no setting of this machine's clock moves: read once, counted on by the
 * monotonic clock, and kept right by an authority (the database, see docs/adr/0004).
 *
 * It never goes backwards. Where it is behind the authority it is put forward at once: at worst a
 * token ends early and is refreshed. Where it is ahead it runs at half speed until the authority
 * has caught up, so that nothing which has expired becomes valid again.
 */
export class SteadyClock extends Clock {
  /** Wall-clock time less monotonic time, as of `changedAt`. */
  private offset: number;
  private targetOffset: number;
  private changedAt: number;
  private followed = false;

  constructor(
    wallClock: () => number = Date.now,
    private readonly stopwatch: () => number = () => performance.now(),
  ) {
    super();
    this.changedAt = stopwatch();
    this.offset = wallClock() - this.changedAt;
    this.targetOffset = this.offset;
  }

  override moment(): Moment {
    const monotonic = this.stopwatch();
    return { now: monotonic + this.offsetAt(monotonic), monotonic };
  }

  /** How far this clock is ahead of where its authority wants it, in milliseconds. */
  get aheadMilliseconds(): number {
    return this.offsetAt(this.stopwatch()) - this.targetOffset;
  }

  /**
   * The authority's time, read somewhere between two moments by the monotonic clock. The first
   * reading sets the clock, in either direction: nothing has been judged by it yet.
   */
  follow(authorityNow: number, askedAt: number, answeredAt: number): void {
    const earliest = authorityNow - answeredAt;
    const latest = authorityNow - askedAt;
    const current = this.offsetAt(answeredAt);
    const agreed = Math.min(Math.max(current, earliest), latest);
    this.changedAt = answeredAt;
    this.offset = this.followed ? Math.max(current, agreed) : agreed;
    this.targetOffset = agreed;
    this.followed = true;
  }

  private offsetAt(elapsed: number): number {
    const slowed = this.offset - (elapsed - this.changedAt) * SLOWDOWN;
    return Math.max(this.targetOffset, slowed);
  }
}
