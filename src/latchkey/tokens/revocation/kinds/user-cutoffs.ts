import type { Principal } from '../../../access/principal.js';
import type { Objection, RevocationIndex, RevocationKind } from './revocation-kind.js';
import { firstSessionIdAfter, isMoment } from './session-moment.js';

/** Every session of the user is over that began at this moment or before it, but for one. */
export interface UserCutoff {
  readonly kind: 'user-cutoff';
  readonly userId: string;
  /** Milliseconds since the epoch, by the database's clock. */
  readonly momentMilliseconds: number;
  /** Goes on, unless another cutoff ends it. */
  readonly exemptSessionId: string | null;
}

/** What all cutoffs of one user say together, in whatever order they came. */
interface KnownCutoffs {
  /** The first id that the latest cutoff leaves alone. */
  readonly firstLiveId: string;
  /** The session that the latest cutoff exempts. */
  readonly exemptSessionId: string | null;
  /** The same as `firstLiveId`, of the latest cutoff that does not exempt that session. */
  readonly firstLiveIdOfOthers: string;
}

class UserCutoffs implements RevocationIndex<UserCutoff> {
  private readonly byUser = new Map<string, KnownCutoffs>();

  get size(): number {
    return this.byUser.size;
  }

  covers(cutoff: UserCutoff): boolean {
    const known = this.byUser.get(cutoff.userId);
    return known !== undefined && merge(known, cutoff) === known;
  }

  add(cutoff: UserCutoff): void {
    this.byUser.set(cutoff.userId, merge(this.byUser.get(cutoff.userId), cutoff));
  }

  objectionTo({ userId, sessionId }: Principal): Objection {
    const known = this.byUser.get(userId);
    if (known === undefined) return undefined;
    const { firstLiveId, exemptSessionId, firstLiveIdOfOthers } = known;
    const limit = sessionId === exemptSessionId ? firstLiveIdOfOthers : firstLiveId;
    return sessionId < limit ? 'revoked' : undefined;
  }
}

/** A session is over if any of the cutoffs ends it; the same object when nothing changes. */
function merge(known: KnownCutoffs | undefined, cutoff: UserCutoff): KnownCutoffs {
  const { exemptSessionId } = cutoff;
  const firstLiveId = firstSessionIdAfter(cutoff.momentMilliseconds);
  if (known === undefined) return { firstLiveId, exemptSessionId, firstLiveIdOfOthers: '' };
  const latest = firstLiveId > known.firstLiveId;
  if (exemptSessionId === known.exemptSessionId) {
    return latest ? { ...known, firstLiveId } : known;
  }
  if (latest) return { firstLiveId, exemptSessionId, firstLiveIdOfOthers: known.firstLiveId };
  if (firstLiveId <= known.firstLiveIdOfOthers) return known;
  return { ...known, firstLiveIdOfOthers: firstLiveId };
}

const SEPARATOR = ' but ';

export const userCutoffKind: RevocationKind<UserCutoff> = {
  write: ({ userId, momentMilliseconds, exemptSessionId }) => ({
    subject: exemptSessionId === null ? userId : userId + SEPARATOR + exemptSessionId,
    version: momentMilliseconds,
  }),
  read: ({ subject, version }) => {
    const [userId = '', exemptSessionId = null] = subject.split(SEPARATOR);
    if (!isMoment(version)) return null;
    return { kind: 'user-cutoff', userId, momentMilliseconds: version, exemptSessionId };
  },
  createIndex: () => new UserCutoffs(),
};
