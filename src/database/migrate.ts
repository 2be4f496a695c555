import type { DataSource } from 'typeorm';
import { StartupError } from '../errors/startup-error.js';

/** Any number that nothing else locks: instances that start together migrate one after another. */
const MIGRATION_LOCK = 7_236_001;

/**
 * Brings the schema up to date; returns the names of what was run.
 *
 * @throws StartupError naming the migration that failed; those before it stay applied.
 */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  const lock = dataSource.createQueryRunner();
  try {
    await lock.query('SET statement_timeout = 0');
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const migrations = await dataSource.runMigrations();
    return migrations.map((migration) => migration.name);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartupError(
      `A database migration failed: ${reason}. Mend the migration or the data it trips over and start again; nothing of it was applied.`,
      { cause: error },
    );
  } finally {
    await lock.query('SELECT pg_advisory_unlock_all()').catch(() => undefined);
    await lock.query('RESET statement_timeout').catch(() => undefined);
    await lock.release();
  }
}
