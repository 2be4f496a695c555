import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Session } from '../session.entity.js';
import type { SessionState } from '../sessions.dto.js';
import { addressRange, findHolders, placeSql, rowHoldsRoleSql } from './session-conditions.js';
import {
  FIRST_LIVE_ID_SQL,
  JOIN_CUTOFF_SQL,
  LAST_REFRESHED_AT_SQL,
  SESSION_ENDS_AT_SQL,
} from './session-sql.js';

/** How many sessions are looked at for one page: what keeps every filter quick. */
export const MAX_EXAMINED = 10_000;

/** So many holders of a role are looked up one by one; of a commoner role it is soon to be met. */
const MAX_HOLDERS = 200;

// In the order of an index, so that no more is read than is needed.
const EXAMINED = `
  FROM sessions AS session
  WHERE ($1::uuid IS NULL OR session.user_id = $1)
    AND ($2::uuid[] IS NULL OR session.user_id = ANY ($2))
    AND ($3::uuid IS NULL OR session.id < $3)
    AND ($4::uuid IS NULL OR session.id >= $4)
    AND ($5 <> 'live' OR session.ended_at IS NULL AND session.id >= ${FIRST_LIVE_ID_SQL})
  ORDER BY session.id DESC`;

// What had expired by itself was not ended by a cutoff that came later.
const STATE = `
  CASE
    WHEN session.end_reason = 'expired' THEN 'expired'
    WHEN session.ended_at IS NOT NULL THEN 'ended'
    WHEN cutoff.decided_at < ${SESSION_ENDS_AT_SQL} THEN 'ended'
    WHEN clock_timestamp() >= ${SESSION_ENDS_AT_SQL} THEN 'expired'
    WHEN cutoff.decided_at IS NOT NULL THEN 'ended'
    ELSE 'live'
  END`;

// What `STATE` implies and is known without a look at the cutoffs.
const COULD_BE = `
  CASE $5
    WHEN 'live' THEN clock_timestamp() < ${SESSION_ENDS_AT_SQL}
    WHEN 'ended' THEN session.ended_at IS NULL OR session.end_reason <> 'expired'
    ELSE session.end_reason = 'expired'
      OR session.ended_at IS NULL AND clock_timestamp() >= ${SESSION_ENDS_AT_SQL}
  END`;

const FOUND = `
  SELECT session.id, session.user_id AS "userId", session.client_id AS "clientId",
    session.created_at AS "createdAt",
    ${LAST_REFRESHED_AT_SQL} AS "lastUsedAt", ${SESSION_ENDS_AT_SQL} AS "expiresAt",
    session.amr, session.factors, host(session.last_ip) AS ip, session.last_user_agent AS "userAgent",
    host(session.created_ip) AS "createdIp", session.created_user_agent AS "createdUserAgent",
    session.ended_at AS "stampedAt", session.end_reason AS "stampedReason",
    cutoff.decided_at AS "cutAt", cutoff.reason AS "cutReason", ${STATE} AS state
  FROM (SELECT session.* ${EXAMINED} LIMIT ${MAX_EXAMINED}) AS session ${JOIN_CUTOFF_SQL}
  WHERE ${COULD_BE} AND ${placeSql('$6', '$7')}
    AND ($8::text IS NULL OR ${rowHoldsRoleSql('$8')})
    AND ${STATE} = $5
  ORDER BY session.id DESC
  LIMIT $9 + 1`;

// One statement and so one snapshot: where the next page starts is where this one stopped looking.
const PAGE_SQL = `
  WITH found AS MATERIALIZED (${FOUND})
  SELECT found.*, stop."examinedTo"
  FROM (
    SELECT CASE WHEN (SELECT count(*) FROM found) <= $9 THEN
      (SELECT session.id ${EXAMINED} OFFSET ${MAX_EXAMINED - 1} LIMIT 1)
    END AS "examinedTo"
  ) AS stop LEFT JOIN found ON true
  ORDER BY found.id DESC`;

/** A session as it was found: what its row says of its end, and what a cutoff says. */
export interface FoundRow
  extends Readonly<
    Pick<
      Session,
      | 'id'
      | 'userId'
      | 'clientId'
      | 'createdAt'
      | 'createdIp'
      | 'createdUserAgent'
      | 'amr'
      | 'factors'
    >
  > {
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
  readonly ip: Session['lastIp'];
  readonly userAgent: Session['lastUserAgent'];
  readonly stampedAt: Session['endedAt'];
  readonly stampedReason: Session['endReason'];
  readonly cutAt: Session['endedAt'];
  readonly cutReason: Session['endReason'];
  readonly state: SessionState;
}

type PageRow = { readonly examinedTo: string | null } & (FoundRow | { readonly id: null });

/** What a page shows; what is null does not restrict it. */
export interface SearchConditions {
  readonly userId: string | null;
  readonly role: string | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly state: SessionState;
  /** Sessions from this id on. */
  readonly fromId: string | null;
  readonly belowId: string | null;
}

/** The table `sessions`: the search among all of them. */
@Injectable()
export class SessionSearchStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The newest first, in one snapshot, after a look at no more than `MAX_EXAMINED` sessions. The holders
   * of a role are looked up in a statement before it.
   *
   * @returns one session more than the limit if there are more, and where the search stopped looking:
   *   null when it has found enough or has come to the end
   */
  async findPage(
    conditions: SearchConditions,
    limit: number,
  ): Promise<{ found: FoundRow[]; examinedTo: string | null }> {
    const { userId, role, ip, userAgent, state, fromId, belowId } = conditions;
    const { manager } = this.dataSource;
    const holders = role === null ? null : await findHolders(manager, role, MAX_HOLDERS);
    const rows = await manager.query<PageRow[]>(PAGE_SQL, [
      userId,
      holders,
      belowId,
      fromId,
      state,
      ip === null ? null : addressRange(ip),
      userAgent,
      holders === null ? role : null,
      limit,
    ]);
    const found = rows.filter((row): row is FoundRow & PageRow => row.id !== null);
    return {
      found: found.map(({ examinedTo, ...session }) => session),
      examinedTo: rows[0]?.examinedTo ?? null,
    };
  }
}
