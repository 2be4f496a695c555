import type { Principal } from '../../../access/principal.js';
import type { Objection, RevocationIndex, RevocationKind } from './revocation-kind.js';
import { firstSessionIdAfter, isMoment } from './session-moment.js';

/** Every session is over that began at this moment or before it. */
export interface GlobalCutoff {
  readonly kind: 'global-cutoff';
  /** Milliseconds since the epoch, by the database's clock. */
  readonly momentMilliseconds: number;
}

const EVERYONE = 'everyone';

/** One entry, the latest: it says all that the others do. */
class GlobalCutoffs implements RevocationIndex<GlobalCutoff> {
  private momentMilliseconds = Number.NEGATIVE_INFINITY;
  private firstLiveId = '';

  get size(): number {
    return this.firstLiveId === '' ? 0 : 1;
  }

  covers({ momentMilliseconds }: GlobalCutoff): boolean {
    return momentMilliseconds <= this.momentMilliseconds;
  }

  add(cutoff: GlobalCutoff): void {
    if (this.covers(cutoff)) return;
    this.momentMilliseconds = cutoff.momentMilliseconds;
    this.firstLiveId = firstSessionIdAfter(cutoff.momentMilliseconds);
  }

  objectionTo({ sessionId }: Principal): Objection {
    return sessionId < this.firstLiveId ? 'revoked' : undefined;
  }
}

export const globalCutoffKind: RevocationKind<GlobalCutoff> = {
  write: ({ momentMilliseconds }) => ({ subject: EVERYONE, version: momentMilliseconds }),
  read: ({ subject, version }) =>
    subject === EVERYONE && isMoment(version)
      ? { kind: 'global-cutoff', momentMilliseconds: version }
      : null,
  createIndex: () => new GlobalCutoffs(),
};
