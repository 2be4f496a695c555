import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstSessionIdAfter, momentOfSession } from '../../revocation/kinds/session-moment.js';
import type { RevokingTransaction } from '../../revocation/revocations.js';
import type { SessionEndReason } from '../session-end-reason.js';
import { type Cutoff, raiseCutoff } from './cutoff-rule.js';
import { EVERYONE } from './cutoff-sql.js';
import { NO_SESSIONS, type SessionCount, SessionCounter } from './session-counter.js';

export type CutoffReason = Exclude<SessionEndReason, 'logout' | 'refresh_reused' | 'expired'>;

/** Whose sessions are to end, and which of them. */
export interface CutoffRequest {
  /** Absent: everyone. */
  readonly userId?: string;
  /** Milliseconds since the epoch: sessions that began before. Absent: all that have begun. */
  readonly beforeMs?: number;
  /** A session of the user that goes on, if it is still alive. */
  readonly except?: string;
}

/** Further ahead than a clock was ever set back: an id that is no id of ours. */
const MAX_CLOCK_STEP_MS = 86_400_000;

interface CutoffState extends Cutoff {
  /** The database's way of writing the id: the one that access tokens carry. */
  readonly userId: string;
  readonly nowMs: number;
}

// The lock is what two cutoffs at once queue for; the clock is read after it has been granted.
const LOCK_SQL = `
  INSERT INTO session_cutoffs AS cutoff (user_id, moment_ms, reason) VALUES ($1, 0, $2)
  ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id
  RETURNING cutoff.user_id, cutoff.moment_ms::float8 AS moment_ms, cutoff.exempt_session_id,
    floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now_ms`;

const READ_SQL = `
  SELECT $1::uuid AS user_id, coalesce(cutoff.moment_ms, 0)::float8 AS moment_ms,
    cutoff.exempt_session_id,
    floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now_ms
  FROM (VALUES (1)) AS one LEFT JOIN session_cutoffs AS cutoff ON cutoff.user_id = $1`;

const NEWEST_SQL = `
  SELECT id FROM sessions
  WHERE $1::uuid = '${EVERYONE}' OR user_id = $1 ORDER BY id DESC LIMIT 1`;

const RAISE_SQL = `
  UPDATE session_cutoffs SET moment_ms = $2, exempt_session_id = $3, reason = $4,
    decided_by = $5, decided_at = clock_timestamp()
  WHERE user_id = $1`;

/**
 * Ends all sessions of a user, or of everyone, that began by a moment: one row and one entry of
 * the revocation log, however many they are. The rows of the sessions stay as they are; whoever
 * reads them asks for the cutoffs as well (`cutoff-sql.ts`), and retention marks them later.
 *
 * Why no interleaving lets a session slip through or brings one back:
 * docs/adr/0007-cutoffs.md.
 */
@Injectable()
export class SessionCutoffs {
  constructor(private readonly counter: SessionCounter) {}

  /**
   * Raises the cutoff in the caller's transaction and revokes the access tokens with it.
   *
   * @returns how many live sessions it ended
   */
  async end(
    transaction: RevokingTransaction,
    request: CutoffRequest,
    { reason, endedBy }: { reason: CutoffReason; endedBy: string | null },
  ): Promise<SessionCount> {
    if (request.userId === EVERYONE) return NO_SESSIONS;
    const { manager } = transaction;
    const present = await readState(manager, LOCK_SQL, [request.userId ?? EVERYONE, reason]);
    const next = raiseCutoff(present, await this.wanted(manager, present, request));
    if (next === present) return NO_SESSIONS;
    const count = await this.count(manager, present, next);
    const { momentMs, exemptSessionId } = next;
    await manager.query(RAISE_SQL, [present.userId, momentMs, exemptSessionId, reason, endedBy]);
    transaction.revoke(
      request.userId === undefined
        ? { kind: 'global-cutoff', momentMs }
        : { kind: 'user-cutoff', userId: present.userId, momentMs, exemptSessionId },
    );
    return count;
  }

  /** How many live sessions `end` would end now. Changes nothing. */
  async preview(manager: EntityManager, request: CutoffRequest): Promise<SessionCount> {
    if (request.userId === EVERYONE) return NO_SESSIONS;
    const present = await readState(manager, READ_SQL, [request.userId ?? EVERYONE]);
    const next = raiseCutoff(present, await this.wanted(manager, present, request));
    return next === present ? NO_SESSIONS : this.count(manager, present, next);
  }

  private async wanted(
    manager: EntityManager,
    { userId, nowMs }: CutoffState,
    { beforeMs, except }: CutoffRequest,
  ): Promise<Cutoff> {
    const exemptSessionId = except ?? null;
    // What has not begun yet is nobody's to end.
    if (beforeMs !== undefined) {
      return { momentMs: Math.max(0, Math.min(beforeMs - 1, nowMs)), exemptSessionId };
    }
    // A session can be newer than now when the database's clock has been set back.
    const [newest] = await manager.query<{ id: string }[]>(NEWEST_SQL, [userId]);
    const newestMs = newest === undefined ? 0 : momentOfSession(newest.id);
    const latestMs = Math.min(newestMs, nowMs + MAX_CLOCK_STEP_MS);
    return { momentMs: Math.max(nowMs, latestMs), exemptSessionId };
  }

  private count(
    manager: EntityManager,
    { userId, ...present }: CutoffState,
    next: Cutoff,
  ): Promise<SessionCount> {
    const all = present.exemptSessionId === null;
    return this.counter.count(manager, {
      userId,
      fromId: firstSessionIdAfter(all ? present.momentMs : 0),
      firstLiveId: firstSessionIdAfter(next.momentMs),
      exemptSessionId: next.exemptSessionId,
    });
  }
}

interface StateRow {
  user_id: string;
  moment_ms: number;
  exempt_session_id: string | null;
  now_ms: number;
}

async function readState(
  manager: EntityManager,
  sql: string,
  parameters: unknown[],
): Promise<CutoffState> {
  const [row] = await manager.query<StateRow[]>(sql, parameters);
  if (row === undefined) throw new Error('The cutoff was not returned.');
  return {
    userId: row.user_id,
    momentMs: row.moment_ms,
    exemptSessionId: row.exempt_session_id,
    nowMs: row.now_ms,
  };
}
