import { DataSource, type DataSourceOptions } from 'typeorm';
import { StartupError } from '../errors/startup-error.js';

/** @throws StartupError when the database cannot be reached or refuses the connection */
export async function connect(options?: DataSourceOptions): Promise<DataSource> {
  if (options === undefined) throw new Error('The data source has no options.');
  const dataSource = new DataSource(options);
  try {
    return await dataSource.initialize();
  } catch (cause) {
    throw new StartupError(
      `The database at DATABASE_URL cannot be used (${reasonOf(cause)}). Start it, correct DATABASE_URL, or unset it to use the embedded Postgres.`,
      { cause },
    );
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
