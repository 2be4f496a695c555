import { firstSessionIdAfter } from '../../revocation/kinds/session-moment.js';

/** Which sessions of a user, or of everyone, are over: those that began at the moment or before. */
export interface Cutoff {
  /** Milliseconds since the epoch, by the database's clock. */
  readonly momentMilliseconds: number;
  /** The one session that goes on all the same. */
  readonly exemptSessionId: string | null;
}

export function endsSession(cutoff: Cutoff, sessionId: string): boolean {
  if (sessionId === cutoff.exemptSessionId) return false;
  return sessionId < firstSessionIdAfter(cutoff.momentMilliseconds);
}

/**
 * The one cutoff that says what both say. It never moves backwards, and it revives nothing: an
 * exemption counts only for a session that the cutoffs before have left alive. Pure; the caller
 * holds the lock of the row that `present` was read from. Returns `present` itself when nothing
 * changes.
 */
export function raiseCutoff(present: Cutoff, wanted: Cutoff): Cutoff {
  const momentMilliseconds = Math.max(present.momentMilliseconds, wanted.momentMilliseconds);
  const exemptSessionId = exemptAfterBoth(present, wanted);
  const changed =
    momentMilliseconds > present.momentMilliseconds || exemptSessionId !== present.exemptSessionId;
  return changed ? { momentMilliseconds, exemptSessionId } : present;
}

function exemptAfterBoth(present: Cutoff, wanted: Cutoff): string | null {
  const { exemptSessionId: fresh } = wanted;
  if (fresh !== null && !endsSession(present, fresh)) return fresh;
  const { exemptSessionId: former } = present;
  // A cutoff at an earlier moment may leave the exempt session alone without naming it.
  return former !== null && !endsSession(wanted, former) ? former : null;
}
