import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal.js';
import { RevocationList, type RevocationVerdict } from '../../../access/revocation-list.js';
import { Clock, type Moment } from '../../../platform/clock/clock.js';
import type { Revocation, RevocationEntry } from '../kinds/revocation.js';
import type { Objection, VersionedSubject } from '../kinds/revocation-kind.js';
import { RevocationConfig } from '../revocation.config.js';
import { RevocationBucket, type VersionKind } from './revocation-bucket.js';
import { RevocationListeners } from './revocation-listeners.js';
import { RevocationStaleness } from './revocation-staleness.js';

/** Few, because every look-up asks every bucket; an entry is kept up to this much too long. */
const BUCKETS_PER_LIFETIME = 2;

/**
 * The revocations that an unexpired token could still meet, in memory. Entries are held in
 * buckets by when they may be forgotten, so that a million of them go in one assignment.
 *
 * It may remember an entry longer than needed, never shorter: whatever a revocation concerns
 * is refused for good, and what it does not concern is never touched by it.
 */
@Injectable()
export class LiveRevocations extends RevocationList {
  private readonly bucketMilliseconds: number;
  /** Soonest to end first. */
  private buckets: RevocationBucket[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly staleness: RevocationStaleness,
    private readonly config: RevocationConfig,
    private readonly listeners: RevocationListeners,
  ) {
    super();
    this.bucketMilliseconds = (config.entryLifetimeSeconds * 1_000) / BUCKETS_PER_LIFETIME;
  }

  /** How many entries are held. */
  get size(): number {
    return this.buckets.reduce((sum, bucket) => sum + bucket.size, 0);
  }

  /** Takes in revocations that have just been made here; returns them with their time to live. */
  applyNew(
    revocations: readonly Revocation[],
    remainingSeconds = this.config.entryLifetimeSeconds,
  ): RevocationEntry[] {
    const entries = revocations.map((revocation) => ({ revocation, remainingSeconds }));
    this.apply(entries);
    return entries;
  }

  /**
   * Takes in revocations, known or not, in any order. In force when it returns.
   *
   * @returns those that it had not heard of
   */
  apply(entries: readonly RevocationEntry[]): RevocationEntry[] {
    this.forgetExpired();
    const moment = this.clock.moment();
    const news = entries.filter(
      ({ revocation, remainingSeconds }) =>
        remainingSeconds > 0 && this.keep(revocation, remainingSeconds * 1_000, moment),
    );
    this.listeners.tell(news);
    return news;
  }

  /** Lets go of what no token can meet any more. */
  forgetExpired(): void {
    if (!this.buckets.some((bucket) => bucket.isOver(this.clock))) return;
    this.buckets = this.buckets.filter((bucket) => !bucket.isOver(this.clock));
  }

  /**
   * What is known against a token counts even when the list is out of date; that nothing is
   * known does not.
   */
  override verdict(principal: Principal, moment = this.clock.moment()): RevocationVerdict {
    const objection = this.objectionTo(principal);
    if (objection !== undefined) return objection;
    return this.staleness.refuses(moment.monotonic) ? 'unknown' : 'live';
  }

  /** The lowest version that a token for this subject must carry so as not to be stale. */
  leastVersion(kind: VersionKind, subject: VersionedSubject): number {
    return this.buckets.reduce(
      (least, bucket) => Math.max(least, bucket.leastVersion(kind, subject)),
      0,
    );
  }

  private objectionTo(principal: Principal): Objection {
    let stale = false;
    for (const bucket of this.buckets) {
      const objection = bucket.objectionTo(principal);
      if (objection === 'revoked') return objection;
      if (objection === 'stale') stale = true;
    }
    return stale ? 'stale' : undefined;
  }

  /** Whether it had not been heard of. */
  private keep(revocation: Revocation, remainingMilliseconds: number, moment: Moment): boolean {
    const neededUntil = moment.monotonic + remainingMilliseconds;
    let heardOf = false;
    let holder: RevocationBucket | undefined;
    for (const bucket of this.buckets) {
      if (!bucket.covers(revocation)) continue;
      heardOf = true;
      if (bucket.endsAt >= neededUntil) holder = bucket;
    }
    holder ??= this.bucketEndingAt(
      Math.ceil(neededUntil / this.bucketMilliseconds) * this.bucketMilliseconds,
    );
    holder.add(revocation, moment.now + remainingMilliseconds);
    return !heardOf;
  }

  private bucketEndingAt(endsAt: number): RevocationBucket {
    const existing = this.buckets.find((bucket) => bucket.endsAt === endsAt);
    if (existing !== undefined) return existing;
    const bucket = new RevocationBucket(endsAt);
    this.buckets = [...this.buckets, bucket].sort((a, b) => a.endsAt - b.endsAt);
    return bucket;
  }
}
