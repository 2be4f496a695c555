// What statements on `sessions AS session` are made of. A session is over when its row says so, when
// its time has run out, or when a cutoff has ended it: a statement that asks asks for all three.

/**
 * When a session was last refreshed, or started: SQL over the columns of `sessions`, aliased
 * `session`. A lost answer that is given again begins a bucket and leaves `rotated_at`.
 */
export const LAST_REFRESHED_AT_SQL =
  'GREATEST(session.rotated_at, session.grace_bucket_started_at)';

/** When a session is over by itself: SQL over the columns of `sessions`, aliased `session`. */
export const SESSION_ENDS_AT_SQL = `LEAST(session.expires_at,
  ${LAST_REFRESHED_AT_SQL} + make_interval(secs => session.idle_ttl_seconds))`;

/** The sessions at a client, live or over, that are not forgotten yet; `clientId` is SQL. */
export function sessionsAtClientSql(clientId: string): string {
  return `SELECT FROM sessions WHERE client_id = ${clientId}`;
}

/** Stands in `session_cutoffs` for everyone: a UUID that no account has. */
export const EVERYONE = '00000000-0000-0000-0000-000000000000';

/** The cutoffs, as `cutoff`, that end the session of a row of `sessions`, aliased `session`. */
const CUTOFFS_OF_SESSION = `
  FROM session_cutoffs AS cutoff
  WHERE cutoff.user_id IN (session.user_id, '${EVERYONE}')
    AND session.id < cutoff.first_live_id
    AND session.id IS DISTINCT FROM cutoff.exempt_session_id`;

/** Whether a cutoff has ended a row of `sessions`, aliased `session`. */
export const IS_CUT_SQL = `EXISTS (SELECT ${CUTOFFS_OF_SESSION})`;

/** Joins the cutoff that has ended a row of `sessions`, as `cutoff`; all null if there is none. */
export const JOIN_CUTOFF_SQL = `
  LEFT JOIN LATERAL (
    SELECT cutoff.decided_at, cutoff.decided_by, cutoff.reason ${CUTOFFS_OF_SESSION}
    ORDER BY cutoff.decided_at LIMIT 1
  ) AS cutoff ON true`;

/** The lowest id of a session that no cutoff for everyone has ended. */
export const FIRST_LIVE_ID_SQL = `
  coalesce((SELECT first_live_id FROM session_cutoffs WHERE user_id = '${EVERYONE}'), '${EVERYONE}')`;

/** Whether a session is live: SQL over the columns of `sessions`, aliased `session`. */
export const IS_LIVE_SQL = `session.ended_at IS NULL AND clock_timestamp() < ${SESSION_ENDS_AT_SQL}
  AND NOT ${IS_CUT_SQL}`;

/** When a session that lives is over by itself, by its id; null of one that is over or gone. */
export function liveUntilSql(id: string): string {
  return `(SELECT ${SESSION_ENDS_AT_SQL} FROM sessions AS session
    WHERE session.id = ${id} AND ${IS_LIVE_SQL})`;
}

/** The live sessions at a client, with all their columns. */
export function liveAtClientSql(clientId: string): string {
  return `(SELECT session.* FROM sessions AS session
    WHERE session.client_id = ${clientId} AND ${IS_LIVE_SQL})`;
}

/**
 * Whether a session of a row of `users`, aliased `u`, has begun at or after a moment; of those that are kept.
 *
 * @param firstId the lowest id of a session of that moment (`firstSessionIdAt`)
 */
export function signedInSinceSql(firstId: string): string {
  return `EXISTS (SELECT FROM sessions WHERE sessions.user_id = u.id AND sessions.id >= ${firstId})`;
}

/** Milliseconds since the epoch, to the microsecond: a `Date` would cut to the millisecond. */
export function millisecondsSql(timestamp: string): string {
  return `(extract(epoch FROM ${timestamp}) * 1000)::float8`;
}

/** The reverse of `millisecondsSql`. */
export function timestampSql(milliseconds: string): string {
  return `to_timestamp(${milliseconds}::float8 / 1000)`;
}

/**
 * Factors that have been shown, as `sessions.factors` keeps them: whole seconds, and those that say no
 * time were shown at `moment`.
 */
export function datedFactorsSql(factors: string, moment: string): string {
  return `coalesce((
    SELECT jsonb_object_agg(shown.key,
      jsonb_build_object('at', floor(extract(epoch FROM ${moment}))::bigint) || shown.value)
    FROM jsonb_each(${factors}::jsonb) AS shown), '{}')`;
}
