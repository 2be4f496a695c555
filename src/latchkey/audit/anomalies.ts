import { type AuditAction } from './audit-action.js';
import { softwareSql } from './software-of.js';

/** What about an event is worth an admin's eye. The names are part of the contract: they are filtered by. */
export const ANOMALIES = [
  'refresh_reuse',
  'refresh_elsewhere',
  'new_device',
  'failures_before_success',
] as const;
export type Anomaly = (typeof ANOMALIES)[number];

/** How many of a user's sign-ins a new one is compared with. */
const COMPARED_SIGN_INS = 50;
const SUSPICIOUS_FAILURES = 5;

const REFRESH_REUSE: Anomaly = 'refresh_reuse';
const NEW_DEVICE: Anomaly = 'new_device';
const FAILURES_BEFORE_SUCCESS: Anomaly = 'failures_before_success';

/** The lowest UUIDv7 of the moment an hour ago (RFC 9562 section 5.7). */
export const AN_HOUR_AGO = `(lpad(to_hex(
  floor(extract(epoch FROM now() - interval '1 hour') * 1000)::bigint), 12, '0')
  || repeat('0', 20))::uuid`;

/** The columns of the event that is being inserted, as SQL. */
export interface InsertedColumns {
  readonly actorId: string;
  readonly ip: string;
  readonly userAgent: string;
}

/**
 * SQL for the anomalies of an event that is being inserted, as `text[]`. It looks at earlier events
 * alone, and for a sign-in at few of them, each found by an index.
 */
export function anomaliesSql(action: AuditAction, inserted: InsertedColumns): string {
  if (action === 'session.refresh_reused') return `'{${REFRESH_REUSE}}'::text[]`;
  if (action === 'session.started') return signInAnomaliesSql(inserted);
  return `'{}'::text[]`;
}

function signInAnomaliesSql({ actorId, ip, userAgent }: InsertedColumns): string {
  return `(
    WITH earlier AS MATERIALIZED (
      SELECT id, ip, user_agent FROM audit_events
      WHERE actor_id = ${actorId} AND action = 'session.started'
      ORDER BY id DESC LIMIT ${COMPARED_SIGN_INS}
    ), failures AS (
      SELECT FROM audit_events
      WHERE target_id = ${actorId}::text AND action = 'sign_in.failed'
        AND id > greatest(${AN_HOUR_AGO}, (SELECT id FROM earlier ORDER BY id DESC LIMIT 1))
      LIMIT ${SUSPICIOUS_FAILURES}
    )
    SELECT array_remove(ARRAY[
      CASE WHEN EXISTS (SELECT FROM earlier) AND NOT EXISTS (
          SELECT FROM earlier
          WHERE earlier.ip <<= ${networkSql(ip)}
            AND ${softwareSql('earlier.user_agent')} = ${softwareSql(userAgent)}
        ) THEN '${NEW_DEVICE}' END,
      CASE WHEN (SELECT count(*) FROM failures) = ${SUSPICIOUS_FAILURES}
        THEN '${FAILURES_BEFORE_SUCCESS}' END
    ], NULL))`;
}

/** What one customer of a provider is commonly given. */
function networkSql(ip: string): string {
  return `network(set_masklen(${ip}, CASE family(${ip}) WHEN 4 THEN 24 ELSE 48 END))`;
}
