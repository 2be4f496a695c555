import type { BenchDatabase } from './bench-database.js';
import { userId } from './fill-sessions.js';

/** Accounts of a month, in the order of their ids; one in a thousand is disabled, one an admin. */
export async function fillUsers(database: BenchDatabase, users: number): Promise<void> {
  await database.query(`
    SET session_replication_role = replica;
    SET synchronous_commit = off;
    INSERT INTO users (id, email, email_key, status)
      SELECT ${userId('n')}, 'user-' || n || '@example.com', 'user-' || n || '@example.com',
        CASE n % 1000 WHEN 1 THEN 'disabled' ELSE 'active' END
      FROM generate_series(1, ${users}) AS n;
    INSERT INTO user_roles (user_id, role_name)
      SELECT ${userId('n')}, CASE n % 1000 WHEN 0 THEN 'admin' ELSE 'user' END
      FROM generate_series(1, ${users}) AS n;
    ANALYZE users, user_roles`);
}
