import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DataSourceOptions } from 'typeorm';
import {
  DEFAULT_CONNECTION_TIMEOUT_SECONDS,
  DEFAULT_STATEMENT_TIMEOUT_SECONDS,
} from '../database.config.js';
import type { DatabaseLocation } from '../database-location.js';
import { PostgresClient } from './postgres-client.js';
import { timeLimits } from './time-limits.js';

/** NAT and balancers forget a silent connection after minutes, some after one. */
const KEEP_ALIVE_AFTER_MS = 10_000;

interface Limits {
  readonly poolSize: number;
  readonly connectionTimeoutSeconds?: number;
  readonly statementTimeoutSeconds?: number;
}

/** How every part of Latchkey, the command line included, connects to Postgres. */
export async function dataSourceOptions(
  { url, sourceRoots }: DatabaseLocation,
  {
    poolSize,
    connectionTimeoutSeconds = DEFAULT_CONNECTION_TIMEOUT_SECONDS,
    statementTimeoutSeconds = DEFAULT_STATEMENT_TIMEOUT_SECONDS,
  }: Limits,
): Promise<DataSourceOptions> {
  const files = (await Promise.all(sourceRoots.map(filesBelow))).flat();
  const [entities, migrations] = await Promise.all([
    classesOf(files, ENTITY_FILES),
    classesOf(files, MIGRATION_FILES),
  ]);
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
    connectTimeoutMS: connectionTimeoutSeconds * 1_000,
    extra: {
      Client: PostgresClient,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
      ...timeLimits(statementTimeoutSeconds),
    },
  };
}

// biome-ignore lint/complexity/noBannedTypes: TypeORM takes classes as Functions
type Class = Function;

async function filesBelow(root: string): Promise<string[]> {
  const files = await readdir(root, { recursive: true });
  return files.sort().map((file) => join(root, file));
}

/**
 * Every class exported by a file whose path matches. This is how entities and migrations of every
 * module, the extending team's included, are found without a list.
 */
async function classesOf(files: readonly string[], pattern: RegExp): Promise<Class[]> {
  const matching = files.filter((file) => pattern.test(file.replaceAll('\\', '/')));
  const modules = await Promise.all(matching.map((file) => import(pathToFileURL(file).href)));
  return modules.flatMap((module) =>
    Object.values(module).filter((exported) => typeof exported === 'function'),
  ) as Class[];
}

export const ENTITY_FILES = /\.entity\.(js|ts)$/;
export const MIGRATION_FILES = /(^|\/)migrations\/[^/]+(?<!\.d)\.(js|ts)$/;
