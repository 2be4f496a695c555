import { Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';
import type { Cutoff } from '../cutoffs/cutoff-rule.js';
import type { Session } from '../session.entity.js';
import type { SessionEndReason } from '../session-end-reason.js';
import { EVERYONE, IS_CUT_SQL, SESSION_ENDS_AT_SQL } from './session-sql.js';

/** A cutoff as it stands, and the moment. */
export interface CutoffState extends Cutoff {
  /** The database's way of writing the id: the one that access tokens carry. */
  readonly userId: string;
  readonly nowMilliseconds: number;
}

/** How many sessions; beyond what is counted one by one, the planner's estimate. */
export interface SessionCount {
  readonly count: number;
  readonly estimated: boolean;
}

export const NO_SESSIONS: SessionCount = { count: 0, estimated: false };

/** The sessions that a cutoff would end. */
export interface CutoffScope {
  /** `EVERYONE` or a user. */
  readonly userId: string;
  /** No lower id: they have all ended before. */
  readonly fromId: string;
  /** Lower ids only. */
  readonly firstLiveId: string;
  readonly exemptSessionId: string | null;
}

/** Counted one by one up to here, so that the emergency stop takes the same time however many. */
export const MAX_COUNTED = 10_000;

const CANDIDATES = `
  FROM sessions AS session
  WHERE session.ended_at IS NULL AND session.id >= $2 AND session.id < $3
    AND session.id IS DISTINCT FROM $4::uuid
    AND ($1::uuid = '${EVERYONE}' OR session.user_id = $1)`;

// The order makes the planner walk the index of sessions that have not ended.
const COUNT_SQL = `
  WITH session AS MATERIALIZED (
    SELECT session.id, session.user_id, session.expires_at, session.rotated_at,
      session.grace_bucket_started_at, session.idle_ttl_seconds
    ${CANDIDATES}
    ORDER BY session.id LIMIT ${MAX_COUNTED + 1}
  )
  SELECT CASE WHEN count(*) <= ${MAX_COUNTED} THEN (
    SELECT count(*)::int FROM session
    WHERE clock_timestamp() < ${SESSION_ENDS_AT_SQL} AND NOT ${IS_CUT_SQL}
  ) END AS live
  FROM session`;

const ESTIMATE_SQL = `EXPLAIN (FORMAT JSON) SELECT ${CANDIDATES}`;

function stateColumns(userId: string, momentMilliseconds: string): string {
  return `${userId} AS "userId", ${momentMilliseconds}::float8 AS "momentMilliseconds",
    cutoff.exempt_session_id AS "exemptSessionId",
    floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMilliseconds"`;
}

// The lock is what two cutoffs at once queue for; the clock is read after it has been granted.
const LOCK_SQL = `
  INSERT INTO session_cutoffs AS cutoff (user_id, moment_ms, reason) VALUES ($1, 0, $2)
  ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id
  RETURNING ${stateColumns('cutoff.user_id', 'cutoff.moment_ms')}`;

const READ_SQL = `
  SELECT ${stateColumns('$1::uuid', 'coalesce(cutoff.moment_ms, 0)')}
  FROM (VALUES (1)) AS one LEFT JOIN session_cutoffs AS cutoff ON cutoff.user_id = $1`;

const RAISE_SQL = `
  UPDATE session_cutoffs SET moment_ms = $2, exempt_session_id = $3, reason = $4,
    decided_by = $5, decided_at = clock_timestamp()
  WHERE user_id = $1`;

const NEWEST_SQL = `
  SELECT id FROM sessions
  WHERE $1::uuid = '${EVERYONE}' OR user_id = $1 ORDER BY id DESC LIMIT 1`;

export interface RaisedCutoff extends Cutoff {
  readonly reason: SessionEndReason;
  readonly decidedBy: string | null;
}

/**
 * The table `session_cutoffs`, and the sessions that a cutoff ends: their rows stay as they are, every
 * statement on `sessions` asks for the cutoffs as well (`session-sql.ts`), and retention writes down
 * later what a cutoff has ended.
 */
@Injectable()
export class CutoffStore {
  /**
   * The cutoff of a user or of everyone, made when there is none yet. Held until the transaction ends:
   * two that would raise it take turns, and the second sees what the first has left.
   */
  lock(manager: EntityManager, userId: string, reason: SessionEndReason): Promise<CutoffState> {
    return readState(manager, LOCK_SQL, [userId, reason]);
  }

  /** The same without the lock: one that does not exist reads as one at the beginning of time. */
  read(manager: EntityManager, userId: string): Promise<CutoffState> {
    return readState(manager, READ_SQL, [userId]);
  }

  /** Call it under the lock, with what `raiseCutoff` makes of the state that it returned. */
  async raise(manager: EntityManager, userId: string, cutoff: RaisedCutoff): Promise<void> {
    const { momentMilliseconds, exemptSessionId, reason, decidedBy } = cutoff;
    await manager.query(RAISE_SQL, [
      userId,
      momentMilliseconds,
      exemptSessionId,
      reason,
      decidedBy,
    ]);
  }

  /** The id of the newest session of a user or of everyone, live or not. */
  async findNewestSession(manager: EntityManager, userId: string): Promise<string | null> {
    const [newest] = await manager.query<Pick<Session, 'id'>[]>(NEWEST_SQL, [userId]);
    return newest?.id ?? null;
  }

  /** How many live sessions a cutoff ends, in a time that does not grow with their number. */
  async count(manager: EntityManager, scope: CutoffScope): Promise<SessionCount> {
    const { userId, fromId, firstLiveId, exemptSessionId } = scope;
    const parameters = [userId, fromId, firstLiveId, exemptSessionId];
    const [row] = await manager.query<{ live: number | null }[]>(COUNT_SQL, parameters);
    if (row === undefined) throw new Error('The sessions were not counted.');
    if (row.live !== null) return { count: row.live, estimated: false };
    return { count: await this.estimate(manager, parameters), estimated: true };
  }

  private async estimate(manager: EntityManager, parameters: unknown[]): Promise<number> {
    const [row] = await manager.query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }[]>(
      ESTIMATE_SQL,
      parameters,
    );
    return Math.max(MAX_COUNTED, row?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0);
  }
}

async function readState(
  manager: EntityManager,
  sql: string,
  parameters: unknown[],
): Promise<CutoffState> {
  const [state] = await manager.query<CutoffState[]>(sql, parameters);
  if (state === undefined) throw new Error('The cutoff was not returned.');
  return state;
}
