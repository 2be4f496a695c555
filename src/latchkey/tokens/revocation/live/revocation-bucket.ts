import type { Principal } from '../../../access/principal.js';
import type { Clock } from '../../../platform/clock/clock.js';
import type { Revocation } from '../kinds/revocation.js';
import type { Objection, RevocationIndex, VersionedSubject } from '../kinds/revocation-kind.js';
import { createIndex } from '../kinds/revocation-kinds.js';

export type VersionKind = 'user-version' | 'session-version' | 'role-version';

/** Live revocations that are forgotten together. */
export class RevocationBucket {
  private readonly byKind = new Map<string, RevocationIndex<Revocation>>();
  /** Of the kinds that it holds, and no others: each is asked on every request. */
  private readonly indexes: RevocationIndex<Revocation>[] = [];
  private lastNeededAtWallClock = Number.NEGATIVE_INFINITY;

  /** @param endsAt by the monotonic clock, in milliseconds: nothing in it is needed after */
  constructor(readonly endsAt: number) {}

  get size(): number {
    return this.indexes.reduce((sum, index) => sum + index.size, 0);
  }

  covers(revocation: Revocation): boolean {
    return this.byKind.get(revocation.kind)?.covers(revocation) ?? false;
  }

  /** @param neededUntil by the wall clock, in milliseconds since the epoch */
  add(revocation: Revocation, neededUntil: number): void {
    this.indexOf(revocation).add(revocation);
    this.lastNeededAtWallClock = Math.max(this.lastNeededAtWallClock, neededUntil);
  }

  objectionTo(principal: Principal): Objection {
    let stale = false;
    for (const index of this.indexes) {
      const objection = index.objectionTo(principal);
      if (objection === 'revoked') return objection;
      if (objection === 'stale') stale = true;
    }
    return stale ? 'stale' : undefined;
  }

  leastVersion(kind: VersionKind, subject: VersionedSubject): number {
    return this.byKind.get(kind)?.leastVersion?.(subject) ?? 0;
  }

  /**
   * A token expires by the wall clock, which may be set forward and back again: only when both
   * clocks agree that the time is over can no step of one bring a token back.
   */
  isOver(clock: Clock): boolean {
    return clock.monotonic() >= this.endsAt && clock.now() >= this.lastNeededAtWallClock;
  }

  private indexOf(revocation: Revocation): RevocationIndex<Revocation> {
    const existing = this.byKind.get(revocation.kind);
    if (existing !== undefined) return existing;
    const index = createIndex(revocation.kind);
    this.byKind.set(revocation.kind, index);
    this.indexes.push(index);
    return index;
  }
}
