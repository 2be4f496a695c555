import type { BenchDatabase } from './bench-database.js';

const SESSIONS_PER_USER = 10;

/**
 * Fills the database of an installation that has been busy for a month: every tenth session has
 * ended, each user is signed in on several devices, one user in a thousand is an admin.
 */
export async function fillSessions(database: BenchDatabase, sessions: number): Promise<void> {
  const users = Math.ceil(sessions / SESSIONS_PER_USER);
  // Foreign keys hold by construction; checking them row by row takes most of the time.
  await database.query(`
    SET session_replication_role = replica;
    SET synchronous_commit = off;
    INSERT INTO users (id, email, email_key)
      SELECT ${userId('n')}, 'user-' || n || '@example.com', 'user-' || n || '@example.com'
      FROM generate_series(1, ${users}) AS n;
    INSERT INTO user_roles (user_id, role_name)
      SELECT ${userId('n')}, CASE n % 1000 WHEN 0 THEN 'admin' ELSE 'user' END
      FROM generate_series(1, ${users}) AS n;
    INSERT INTO sessions (id, user_id, family_key, grace_bucket_started_at, rotated_at,
        idle_ttl_seconds, expires_at, created_at, amr, created_ip, created_user_agent, last_ip,
        last_user_agent, ended_at, end_reason)
      SELECT uuidv7(created.at - clock_timestamp()), ${userId('made.owner')},
        decode(md5(made.n::text) || md5('family' || made.n), 'hex'), created.at, created.at,
        604800000, created.at + interval '10 years', created.at, '{pwd}',
        made.ip, made.agent, made.ip, made.agent,
        CASE made.n % 10 WHEN 0 THEN clock_timestamp() END,
        CASE made.n % 10 WHEN 0 THEN 'logout' END
      FROM (
        SELECT n, 1 + n % ${users} AS owner,
          '10.0.0.0'::inet + (n::bigint * 7919) % 1000000 AS ip,
          'Browser/' || n % 40 || ' (bench)' AS agent
        FROM generate_series(1, ${sessions}) AS n
      ) AS made,
      LATERAL (
        SELECT clock_timestamp() - interval '30 days' * (1 - made.n / ${sessions}::float8) AS at
      ) AS created;
    ANALYZE users, user_roles, sessions`);
}

/** The user of a number, in SQL. */
export function userId(number: string): string {
  return `('00000000-0000-7000-8000-' || lpad((${number})::text, 12, '0'))::uuid`;
}
