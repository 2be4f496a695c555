import { Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';
import { SESSION_ENDS_AT_SQL } from '../session-sql.js';
import { EVERYONE, IS_CUT_SQL } from './cutoff-sql.js';

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

/** Says how many live sessions a cutoff ends, in a time that does not grow with their number. */
@Injectable()
export class SessionCounter {
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
