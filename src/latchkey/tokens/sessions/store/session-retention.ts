import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { EVERYONE, IS_CUT_SQL, JOIN_CUTOFF_SQL, SESSION_ENDS_AT_SQL } from './session-sql.js';
import { OUTLIVING_SECONDS } from './session-store.js';

// An expired session is left alone while access tokens of it may be good: one who ends all of its
// user's sessions until then has to find it.
const MARK_SQL = `
  WITH examined AS MATERIALIZED (
    SELECT session.id, session.user_id, ${SESSION_ENDS_AT_SQL} AS ends_at
    FROM sessions AS session
    WHERE session.ended_at IS NULL AND ($1::uuid IS NULL OR session.id > $1)
    ORDER BY session.id LIMIT $2
  ), over AS MATERIALIZED (
    SELECT session.id,
      CASE WHEN session.ends_at <= cutoff.decided_at OR cutoff.decided_at IS NULL
        THEN session.ends_at ELSE cutoff.decided_at END AS ended_at,
      CASE WHEN session.ends_at <= cutoff.decided_at OR cutoff.decided_at IS NULL
        THEN 'expired' ELSE cutoff.reason END AS end_reason,
      CASE WHEN session.ends_at > cutoff.decided_at THEN cutoff.decided_by END AS ended_by
    FROM examined AS session ${JOIN_CUTOFF_SQL}
    WHERE cutoff.decided_at IS NOT NULL
      OR session.ends_at + interval '${OUTLIVING_SECONDS} seconds' < clock_timestamp()
  ), locked AS MATERIALIZED (
    SELECT session.id FROM sessions AS session
    WHERE session.id IN (SELECT id FROM over) AND session.ended_at IS NULL
    ORDER BY session.id FOR UPDATE SKIP LOCKED
  ), marked AS (
    UPDATE sessions AS session
    SET ended_at = over.ended_at, ended_by = over.ended_by, end_reason = over.end_reason
    FROM over JOIN locked USING (id)
    WHERE session.id = over.id
    RETURNING 1
  )
  SELECT (SELECT count(*)::int FROM marked) AS marked, (SELECT count(*)::int FROM examined) AS examined,
    (SELECT id FROM examined ORDER BY id DESC LIMIT 1) AS "lastId"`;

const DELETE_SQL = `
  DELETE FROM sessions WHERE id IN (
    SELECT id FROM sessions
    WHERE ended_at < clock_timestamp() - make_interval(days => $1)
    ORDER BY ended_at LIMIT $2 FOR UPDATE SKIP LOCKED)`;

// As long as a session that it ended has not been marked as ended, the cutoff is what ends it.
const DELETE_CUTOFFS_SQL = `
  DELETE FROM session_cutoffs AS gone WHERE gone.user_id IN (
    SELECT past.user_id FROM session_cutoffs AS past
    WHERE past.user_id <> '${EVERYONE}'
      AND past.decided_at < clock_timestamp() - make_interval(days => $1)
      AND NOT EXISTS (
        SELECT FROM sessions AS session
        WHERE session.user_id = past.user_id AND session.ended_at IS NULL AND ${IS_CUT_SQL})
    LIMIT $2 FOR UPDATE SKIP LOCKED)`;

export interface MarkedSessions {
  readonly marked: number;
  /** Where to go on; null when all have been examined. */
  readonly next: string | null;
}

/**
 * The tables `sessions` and `session_cutoffs`: writes down which sessions are over, and removes them a
 * long time later. In small batches that skip what other transactions hold.
 */
@Injectable()
export class SessionRetention {
  /**
   * Marks as ended, among the next sessions that are not, those that have expired or that a cutoff
   * has ended. It ends nothing: they were over before.
   *
   * @param after where to go on, or null for the beginning
   */
  async markOver(
    manager: EntityManager,
    after: string | null,
    batchSize: number,
  ): Promise<MarkedSessions> {
    const [row] = await manager.query<
      { marked: number; examined: number; lastId: string | null }[]
    >(MARK_SQL, [after, batchSize]);
    if (row === undefined) throw new Error('The sessions that are over were not counted.');
    return { marked: row.marked, next: row.examined < batchSize ? null : row.lastId };
  }

  /** Removes sessions that ended so many days ago; returns how many. */
  async deleteEnded(manager: EntityManager, days: number, batchSize: number): Promise<number> {
    const [, count] = await manager.query<[unknown[], number]>(DELETE_SQL, [days, batchSize]);
    return count;
  }

  /** Removes cutoffs of users that are so many days old and that no session needs any more. */
  async deleteCutoffs(manager: EntityManager, days: number, batchSize: number): Promise<number> {
    const [, count] = await manager.query<[unknown[], number]>(DELETE_CUTOFFS_SQL, [
      days,
      batchSize,
    ]);
    return count;
  }
}
