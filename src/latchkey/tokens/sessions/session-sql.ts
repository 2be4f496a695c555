import { IS_CUT_SQL } from './cutoffs/cutoff-sql.js';

/**
 * When a session was last refreshed, or started: SQL over the columns of `sessions`, aliased
 * `session`. A lost answer that is given anew begins a bucket and leaves `rotated_at`.
 */
export const LAST_REFRESHED_AT_SQL =
  'GREATEST(session.rotated_at, session.grace_bucket_started_at)';

/** When a session is over by itself: SQL over the columns of `sessions`, aliased `session`. */
export const SESSION_ENDS_AT_SQL = `LEAST(session.expires_at,
  ${LAST_REFRESHED_AT_SQL} + make_interval(secs => session.idle_ttl_seconds))`;

/** Whether a session is live: SQL over the columns of `sessions`, aliased `session`. */
export const IS_LIVE_SQL = `session.ended_at IS NULL AND clock_timestamp() < ${SESSION_ENDS_AT_SQL}
  AND NOT ${IS_CUT_SQL}`;

/** Milliseconds since the epoch, to the microsecond: a `Date` would cut to the millisecond. */
export function millisecondsSql(timestamp: string): string {
  return `(extract(epoch FROM ${timestamp}) * 1000)::float8`;
}

/** The reverse of `millisecondsSql`. */
export function timestampSql(milliseconds: string): string {
  return `to_timestamp(${milliseconds}::float8 / 1000)`;
}
