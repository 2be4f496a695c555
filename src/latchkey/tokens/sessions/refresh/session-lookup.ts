import type { QueryResultRow } from 'pg';
import type { PreparedStatement } from '../../../platform/database/connection/prepared-statements.js';
import { JOIN_CUTOFF_SQL } from '../cutoffs/cutoff-sql.js';
import { millisecondsSql, SESSION_ENDS_AT_SQL } from '../session-sql.js';
import { FAMILY_COLUMNS } from './session-family.js';

/** What is read in the same statement as a session, from tables that are not known here. */
export interface ReadAlongside<T> {
  readonly what: string;
  /** Joins exactly one row with each row of `sessions`, aliased `session`. */
  readonly join: string;
  /** Named like no column of a session. */
  readonly columns: string;
  read(row: QueryResultRow): T;
}

export interface SessionLookup<T> {
  readonly statement: PreparedStatement;
  read(row: QueryResultRow): T;
}

/** Looks a session up by its id, and what it is read with: one statement, and so one snapshot. */
export function sessionLookup<T>({ what, join, columns, read }: ReadAlongside<T>) {
  return { statement: { name: `find-session-with-${what}`, text: sql(columns, join) }, read };
}

export const SESSION_ALONE: SessionLookup<null> = {
  statement: { name: 'find-session', text: sql('NULL', '') },
  read: () => null,
};

// What had expired by itself was not ended by a cutoff that came later.
function sql(columns: string, join: string): string {
  return `
    SELECT ${FAMILY_COLUMNS}, ${millisecondsSql('clock_timestamp()')} AS now_ms,
      coalesce(session.end_reason, CASE WHEN cutoff.decided_at >= ${SESSION_ENDS_AT_SQL}
        THEN 'expired' ELSE cutoff.reason END) AS end_reason, ${columns}
    FROM sessions AS session ${join} ${JOIN_CUTOFF_SQL}
    WHERE session.id = $1`;
}
