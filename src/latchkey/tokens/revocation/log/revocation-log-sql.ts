// A row that the reader has not seen is above the highest id, or was not committed in its snapshot.
export const PAGE_SQL = `
  SELECT id, kind, subject, version::float8 AS version, extract(epoch FROM created_at)::text
    AS "writtenAt", extract(epoch FROM expires_at - clock_timestamp())::float8 AS "remainingSeconds"
  FROM revocation_log
  WHERE id > $3 AND (id > $1 OR (xid >= pg_snapshot_xmin($2::pg_snapshot)
    AND NOT pg_visible_in_snapshot(xid, $2::pg_snapshot)))
    AND expires_at > clock_timestamp()
  ORDER BY id LIMIT $4`;

// Behind the latest time: the stream is not to be trimmed before what is written now has ended.
const timeIsDue = (entryLifetime: string) => `
  (latest_at < clock_timestamp() - interval '10 seconds'
    OR latest_at > clock_timestamp() + interval '30 seconds'
      AND trimmed_from < latest_at + make_interval(secs => ${entryLifetime}))`;

export const HEAD_SQL = `
  SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMilliseconds",
    (extract(epoch FROM latest_at) * 1000)::float8 AS "latestMilliseconds",
    greatest(0, extract(epoch FROM latest_at - clock_timestamp()))::float8 AS "behindSeconds",
    clock_timestamp() >= trimmed_from AS "mayTrim", epoch::float8 AS epoch,
    ${timeIsDue('$4')} AS "timeIsDue", pg_current_snapshot()::text AS snapshot,
    pg_snapshot_xmax($3::pg_snapshot) <= pg_snapshot_xmax(pg_current_snapshot())
      AND ($1::bigint = 0 OR EXISTS (SELECT FROM revocation_log
        WHERE id = $1 AND extract(epoch FROM created_at)::text = $2::text)) AS continues
  FROM revocation_progress`;

// A row alone is changed by one process at a time: the second finds that the first has been there.
export const GO_ON_FROM_SQL = `
  UPDATE revocation_progress
  SET latest_at = greatest(latest_at, clock_timestamp(), to_timestamp($1::float8 / 1000))
  WHERE latest_at < to_timestamp($1::float8 / 1000) - interval '1 second'
  RETURNING latest_at`;

// Of the log that was read: one that has been restored since is to be found as it is.
export const KEEP_TIME_SQL = `
  UPDATE revocation_progress SET latest_at = greatest(latest_at, clock_timestamp()),
    trimmed_from = CASE WHEN latest_at > clock_timestamp() + interval '30 seconds'
      THEN latest_at + make_interval(secs => $1) ELSE trimmed_from END
  WHERE ${timeIsDue('$1')} AND (extract(epoch FROM latest_at) * 1000)::float8 = $2`;
