import type { Stores } from '../support/stores.js';

export interface StoredSessions {
  readonly userId: string;
  readonly count: number;
  /** How long ago the newest began; each other one began a millisecond before the next. */
  readonly secondsAgo?: number;
}

/** Puts sessions into the database that nobody holds a token of; returns their ids, oldest first. */
export async function storeSessions(
  stores: Stores,
  { userId, count, secondsAgo = 60 }: StoredSessions,
): Promise<string[]> {
  const rows = await stores.query<{ id: string }>(
    `INSERT INTO sessions (id, user_id, family_key, grace_bucket_started_at, rotated_at,
       idle_ttl_seconds, expires_at, created_at, amr, created_ip, last_ip, last_user_agent)
     SELECT (lpad(to_hex(floor(extract(epoch FROM began) * 1000)::bigint), 12, '0')
         || '70008000' || lpad(to_hex(number), 12, '0'))::uuid,
       $1, '\\x00', began, began, 604800, began + interval '30 days', began, '{pwd}',
       '192.0.2.9', '192.0.2.9', 'stored'
     FROM (SELECT number, clock_timestamp() - make_interval(secs => $3)
         - ($2 - number) * interval '1 millisecond' AS began
       FROM generate_series(1, $2::int) AS number) AS series
     RETURNING id`,
    [userId, count, secondsAgo],
  );
  return rows.map(({ id }) => id);
}
