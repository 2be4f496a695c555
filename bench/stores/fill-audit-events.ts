import type { BenchDatabase } from './bench-database.js';
import { userId } from './fill-sessions.js';

const ACTORS = 100_000;

/**
 * What a busy month leaves: mostly sign-ins, one event in a thousand marked with an anomaly, and
 * a key that was revoked now and then.
 */
export async function fillAuditEvents(database: BenchDatabase, events: number): Promise<void> {
  await database.query(`
    SET session_replication_role = replica;
    SET synchronous_commit = off;
    INSERT INTO audit_events (id, created_at, action, outcome, actor_id, target_type, target_id,
        ip, user_agent, anomalies)
      SELECT uuidv7(made.at - clock_timestamp()), made.at,
        CASE WHEN made.n % 100000 = 7 THEN 'key.revoked'
          WHEN made.n % 20 = 0 THEN 'session.ended' ELSE 'session.started' END,
        'success', ${userId(`1 + made.n % ${ACTORS}`)}, 'user', ${userId(`1 + made.n % ${ACTORS}`)}::text,
        '10.0.0.0'::inet + (made.n::bigint * 7919) % 1000000, 'Browser/' || made.n % 40,
        CASE made.n % 1000 WHEN 3 THEN '{new_device}'::text[] ELSE '{}' END
      FROM (
        SELECT n, clock_timestamp() - interval '30 days' * (1 - n / ${events}::float8) AS at
        FROM generate_series(1, ${events}) AS n
      ) AS made;
    ANALYZE audit_events`);
}
