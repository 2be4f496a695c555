import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  decodeCursor,
  encodeCursor,
  type Page,
  UUID_KEY,
} from '../../../platform/http/answers/page.js';
import { FIRST_LIVE_ID_SQL, JOIN_CUTOFF_SQL } from '../cutoffs/cutoff-sql.js';
import type { SessionEndReason } from '../session-end-reason.js';
import { LAST_REFRESHED_AT_SQL, SESSION_ENDS_AT_SQL } from '../session-sql.js';
import { findHolders, rowHoldsRoleSql } from './held-roles.js';
import { addressRange, firstSessionIdAt, placeSql } from './session-conditions.js';
import type { AdminSessionView, ListSessionsQuery } from './sessions.dto.js';

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
  SELECT session.id, session.user_id AS "userId", session.created_at AS "createdAt",
    ${LAST_REFRESHED_AT_SQL} AS "lastUsedAt", ${SESSION_ENDS_AT_SQL} AS "expiresAt",
    host(session.last_ip) AS ip, session.last_user_agent AS "userAgent",
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

interface FoundRow extends Omit<AdminSessionView, 'endedAt' | 'endReason'> {
  readonly stampedAt: Date | null;
  readonly stampedReason: SessionEndReason | null;
  readonly cutAt: Date | null;
  readonly cutReason: SessionEndReason | null;
}

type PageRow = { readonly examinedTo: string | null } & (FoundRow | { readonly id: null });

/** Finds sessions among all of them, whoever's they are, live or over. */
@Injectable()
export class SessionSearch {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The newest first. A page examines at most 10,000 sessions: it may hold fewer than asked for,
   * even none, and still name a next one.
   *
   * @throws LatchkeyError `request.invalid` for a cursor that this list did not make
   */
  async list(query: ListSessionsQuery): Promise<Page<AdminSessionView>> {
    const { limit } = query;
    const rows = await this.dataSource.query<PageRow[]>(PAGE_SQL, await this.parameters(query));
    const found = rows.filter((row): row is FoundRow & PageRow => row.id !== null);
    const items = found.slice(0, limit).map(toView);
    const next = found.length > limit ? items.at(-1)?.id : rows[0]?.examinedTo;
    return { items, nextCursor: next ? encodeCursor(next) : null };
  }

  private async parameters(query: ListSessionsQuery): Promise<unknown[]> {
    const { userId, role, ip, userAgent, createdAfter, state, limit } = query;
    const { manager } = this.dataSource;
    const holders = role === undefined ? null : await findHolders(manager, role, MAX_HOLDERS);
    return [
      userId ?? null,
      holders,
      endId(query),
      createdAfter === undefined ? null : firstSessionIdAt(createdAfter),
      state,
      ip === undefined ? null : addressRange(ip),
      userAgent ?? null,
      holders === null ? (role ?? null) : null,
      limit,
    ];
  }
}

/** The id that all of the page are below. */
function endId({ createdBefore, cursor }: ListSessionsQuery): string | null {
  const ends = [
    ...(createdBefore === undefined ? [] : [firstSessionIdAt(createdBefore)]),
    ...(cursor === undefined ? [] : [decodeCursor(cursor, UUID_KEY)]),
  ];
  return ends.sort()[0] ?? null;
}

function toView(row: FoundRow & PageRow): AdminSessionView {
  const { examinedTo, stampedAt, stampedReason, cutAt, cutReason, ...session } = row;
  return { ...session, ...ending(row) };
}

function ending(row: FoundRow): Pick<AdminSessionView, 'endedAt' | 'endReason'> {
  if (row.state === 'live') return { endedAt: null, endReason: null };
  if (row.stampedAt !== null) return { endedAt: row.stampedAt, endReason: row.stampedReason };
  if (row.state === 'expired') return { endedAt: row.expiresAt, endReason: 'expired' };
  return { endedAt: row.cutAt, endReason: row.cutReason };
}
