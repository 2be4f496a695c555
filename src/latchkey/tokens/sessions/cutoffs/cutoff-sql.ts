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
