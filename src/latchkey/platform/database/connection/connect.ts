import { DataSource, type DataSourceOptions } from 'typeorm';
import { StartupError } from '../../errors/startup-error.js';
import { withoutServerTimeLimits } from './time-limits.js';

/** How PgBouncer, and what is built on it, refuses what it cannot pass on (SQLSTATE 08P01). */
const REFUSED_BY_POOLER = /unsupported startup parameter/i;

/**
 * Connects, and asks for no time limits where a pooler stands between that refuses to pass them on.
 *
 * @throws StartupError when the database cannot be reached or refuses the connection
 */
export async function connect(options?: DataSourceOptions): Promise<DataSource> {
  if (options === undefined) throw new Error('The data source has no options.');
  try {
    return await initialize(options);
  } catch (cause) {
    throw new StartupError(
      `The database at DATABASE_URL cannot be used (${reasonOf(cause)}). Start it, correct DATABASE_URL, or unset it to use the embedded Postgres.`,
      { cause },
    );
  }
}

async function initialize(options: DataSourceOptions): Promise<DataSource> {
  try {
    return await new DataSource(options).initialize();
  } catch (error) {
    if (!REFUSED_BY_POOLER.test(reasonOf(error))) throw error;
    return new DataSource(withoutServerTimeLimits(options)).initialize();
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
