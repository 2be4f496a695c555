import type { QueryResultRow } from 'pg';
import { columnsOf } from '../../../platform/database/columns-of.js';
import type { PreparedStatement } from '../../../platform/database/connection/prepared-statements.js';
import type { StoredFactors } from '../../assurance/session-assurance.js';
import { FamilyKey } from '../refresh/family-key.js';
import type { RotationState } from '../refresh/rotation-rule.js';
import { Session } from '../session.entity.js';
import type { StoredSessionData } from '../session-data.js';
import type { SessionEndReason } from '../session-end-reason.js';
import { JOIN_CUTOFF_SQL, millisecondsSql, SESSION_ENDS_AT_SQL } from './session-sql.js';

/** A session as one statement saw it; times are the database's, in milliseconds. */
export interface SessionFamily {
  readonly sessionId: string;
  readonly userId: string;
  /** Null: of the sign-in itself. */
  readonly clientId: string | null;
  /** What was granted to the client. */
  readonly scope: string | null;
  readonly audience: string | null;
  readonly familyKey: FamilyKey;
  readonly rotation: RotationState;
  readonly createdAtMilliseconds: number;
  /** The nearer of the idle and the absolute limit. */
  readonly endsAtMilliseconds: number;
  readonly endReason: SessionEndReason | null;
  readonly amr: readonly string[];
  /** What has been shown in it; null: it began before this was kept. */
  readonly factors: StoredFactors | null;
  readonly data: StoredSessionData;
  readonly dataVersion: number;
  /** Where it was last refreshed from, or started. */
  readonly lastIp: string;
  readonly lastUserAgent: string | null;
  /** When the statement saw it. */
  readonly nowMilliseconds: number;
}

const FAMILY = [
  'userId',
  'clientId',
  'scope',
  'audience',
  'familyKey',
  'generation',
  'skippedGenerations',
  'graceFloor',
  'previousGraceFloor',
  'amr',
  'factors',
  'data',
  'dataVersion',
  'lastIp',
  'lastUserAgent',
] as const;

/** Columns of `sessions AS session`. */
export const FAMILY_COLUMNS = `
  session.id AS "sessionId", ${columnsOf(Session, 'session', FAMILY)},
  ${millisecondsSql('session.grace_bucket_started_at')} AS "graceBucketStartedAtMilliseconds",
  ${millisecondsSql('session.created_at')} AS "createdAtMilliseconds",
  ${millisecondsSql('session.rotated_at')} AS "rotatedAtMilliseconds",
  ${millisecondsSql(SESSION_ENDS_AT_SQL)} AS "endsAtMilliseconds"`;

/** What `toFamily` reads: the columns above, the moment and why the session is over, if it is. */
export interface FamilyRow extends Readonly<Pick<Session, (typeof FAMILY)[number] | 'endReason'>> {
  readonly sessionId: Session['id'];
  readonly graceBucketStartedAtMilliseconds: number;
  readonly createdAtMilliseconds: number;
  readonly rotatedAtMilliseconds: number;
  readonly endsAtMilliseconds: number;
  readonly nowMilliseconds: number;
}

export function toFamily(row: FamilyRow): SessionFamily {
  const {
    sessionId,
    userId,
    generation,
    createdAtMilliseconds,
    endsAtMilliseconds,
    endReason,
    amr,
    factors,
  } = row;
  const { data, dataVersion, lastIp, lastUserAgent, nowMilliseconds } = row;
  const { clientId, scope, audience } = row;
  return {
    sessionId,
    userId,
    clientId,
    scope,
    audience,
    familyKey: FamilyKey.fromColumn(row.familyKey),
    rotation: {
      generation,
      presented: generation - 1 - row.skippedGenerations,
      presentedAtMilliseconds: row.rotatedAtMilliseconds,
      graceFloor: row.graceFloor,
      previousGraceFloor: row.previousGraceFloor,
      graceBucketStartedAtMilliseconds: row.graceBucketStartedAtMilliseconds,
    },
    createdAtMilliseconds,
    endsAtMilliseconds,
    endReason,
    amr,
    factors,
    data,
    dataVersion,
    lastIp,
    lastUserAgent,
    nowMilliseconds,
  };
}

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
    SELECT ${FAMILY_COLUMNS}, ${millisecondsSql('clock_timestamp()')} AS "nowMilliseconds",
      coalesce(session.end_reason, CASE WHEN cutoff.decided_at >= ${SESSION_ENDS_AT_SQL}
        THEN 'expired' ELSE cutoff.reason END) AS "endReason", ${columns}
    FROM sessions AS session ${join} ${JOIN_CUTOFF_SQL}
    WHERE session.id = $1`;
}
