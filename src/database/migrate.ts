import { type DataSource, QueryFailedError } from 'typeorm';
import { StartupError } from '../errors/startup-error.js';

/** Any number that nothing else locks: instances that start together migrate one after another. */
const MIGRATION_LOCK = 7_236_001;
/** SQLSTATE insufficient_privilege. */
const MAY_NOT = '42501';

/**
 * Brings the schema up to date; returns the names of what was run. Where nothing is to be done, the
 * database role needs no more than to read the table of migrations.
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
    throw new StartupError(explain(error), { cause: error });
  } finally {
    await lock.query('SELECT pg_advisory_unlock_all()').catch(() => undefined);
    await lock.query('RESET statement_timeout').catch(() => undefined);
    await lock.release();
  }
}

function explain(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof QueryFailedError && error.driverError.code === MAY_NOT) {
    return `The schema is not up to date, and the role of DATABASE_URL may not change it (${reason}). Run "npm run cli -- migrate" with the DATABASE_URL of the role that owns the tables, then start again (docs/audit.md).`;
  }
  return `A database migration failed: ${reason}. Mend the migration or the data it trips over and start again; nothing of it was applied.`;
}
