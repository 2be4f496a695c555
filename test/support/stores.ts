import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import pg from 'pg';

/** A database and a Redis of a test's own, migrated and empty. */
export interface Stores {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Runs SQL beside the application, as a test's eyes and hands. */
  query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** Copies the migrated template, so that no test sees what another one left. */
export async function createStores(): Promise<Stores> {
  const postgres = required('TEST_POSTGRES_URL');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(
    postgres,
    `CREATE DATABASE ${name} TEMPLATE latchkey_template STRATEGY FILE_COPY`,
  );
  const databaseUrl = `${postgres}/${name}`;
  const redisUrl = `${required('TEST_REDIS_URL')}/${process.env.VITEST_POOL_ID ?? '0'}`;
  await emptyRedis(redisUrl);
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  pool.on('error', () => undefined);
  await pool.query('UPDATE deployment SET id = DEFAULT');
  return {
    databaseUrl,
    redisUrl,
    query: async <Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []) =>
      (await pool.query<Row>(sql, values)).rows,
    drop: async () => {
      await pool.end();
      await administer(postgres, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function administer(postgres: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${postgres}/postgres` });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

async function emptyRedis(url: string): Promise<void> {
  const redis = new Redis(url);
  await redis.flushdb().finally(() => redis.disconnect());
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run the tests by "npm test".`);
  return value;
}
