import type { DataSourceOptions } from 'typeorm';
import type { DatabaseLocation } from './database-location.js';
import { discoverClasses, ENTITY_FILES, MIGRATION_FILES } from './discover-classes.js';

const CONNECT_TIMEOUT_MS = 2_000;
const STATEMENT_TIMEOUT_MS = 10_000;

/** How every part of Latchkey, the command line included, connects to Postgres. */
export async function dataSourceOptions(
  { url, sourceRoots }: DatabaseLocation,
  poolSize: number,
): Promise<DataSourceOptions> {
  const find = async (files: RegExp) =>
    (await Promise.all(sourceRoots.map((root) => discoverClasses(root, files)))).flat();
  const [entities, migrations] = await Promise.all([find(ENTITY_FILES), find(MIGRATION_FILES)]);
  return {
    type: 'postgres',
    url,
    entities,
    migrations,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    synchronize: false,
    poolSize,
    applicationName: 'latchkey',
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra: {
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS + 1_000,
      idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
      keepAlive: true,
    },
  };
}
