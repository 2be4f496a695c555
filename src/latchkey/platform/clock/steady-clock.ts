import { Clock, type Moment, type SetBack } from './clock.js';

/** How much slower the clock runs, as a part of its speed, while it waits for the authority. */
const SLOWDOWN = 0.5;

/** As far as tokens are given leeway, so that waiting ends none too early. */
const WAITS_FOR_MILLISECONDS = 30_000;

/**
 * Wall-clock time that no setting of this machine's clock moves: read once, counted on by the
 * monotonic clock, and kept right by an authority (the database, see docs/adr/0004).
 *
 * Where it is behind the authority it is put forward at once: at worst a token ends early and is
 * refreshed. Where it is ahead by half a minute at most it runs at half speed until the authority
 * has caught up. Where it is ahead by more the authority was wrong, then or now: it is set back at
 * once, and `setBack` says what has expired by it, so that nothing becomes valid again.
 */
export class SteadyClock extends Clock {
  /** Wall-clock time less monotonic time, as of `changedAt`. */
  private offset: number;
  private targetOffset: number;
  private changedAt: number;
  private followed = false;
  override setBack: SetBack | null = null;

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
   *
   * @returns by how much the authority was set since, forward or back, in milliseconds; 0 for what
   *   clocks differ by that are right
   */
  follow(authorityNow: number, askedAt: number, answeredAt: number): number {
    const earliest = authorityNow - answeredAt;
    const latest = authorityNow - askedAt;
    const current = this.offsetAt(answeredAt);
    const agreed = Math.min(Math.max(current, earliest), latest);
    const ahead = this.followed ? current - agreed : 0;
    if (ahead > WAITS_FOR_MILLISECONDS) this.noteSetBack(current + answeredAt, agreed + answeredAt);
    const waits = ahead > 0 && ahead <= WAITS_FOR_MILLISECONDS;
    this.changedAt = answeredAt;
    this.offset = waits ? current : agreed;
    this.targetOffset = agreed;
    this.followed = true;
    return Math.abs(ahead) > WAITS_FOR_MILLISECONDS ? -ahead : 0;
  }

  private noteSetBack(from: number, to: number): void {
    this.setBack = { from: Math.max(from, this.setBack?.from ?? from), to };
  }

  private offsetAt(elapsed: number): number {
    const slowed = this.offset - (elapsed - this.changedAt) * SLOWDOWN;
    return Math.max(this.targetOffset, slowed);
  }
}
