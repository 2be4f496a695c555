import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrateTemplate } from '../../test/support/template-database.js';
import { TestPostgres } from '../../test/support/test-postgres.js';
import { TestRedis } from '../../test/support/test-redis.js';
import { BenchDatabase } from './bench-database.js';

/** Migrated and empty: `migrateTemplate` makes it. */
const TEMPLATE = 'latchkey_template';

/** The Postgres and the Redis of a run, started when the first row asks. */
export class Stores {
  private postgres?: Promise<TestPostgres>;
  private redis?: Promise<TestRedis>;

  /** A new database, migrated unless it is to be empty. */
  async createDatabase(template: 'migrated' | 'empty' = 'migrated'): Promise<BenchDatabase> {
    const { url } = await this.startPostgres();
    const name = `bench_${randomBytes(6).toString('hex')}`;
    const client = new pg.Client({ connectionString: `${url}/postgres` });
    await client.connect();
    const source = template === 'migrated' ? TEMPLATE : 'template1';
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${source}`).finally(() => client.end());
    return new BenchDatabase(`${url}/${name}`);
  }

  async redisUrl(): Promise<string> {
    this.redis ??= TestRedis.start();
    return (await this.redis).url;
  }

  async stop(): Promise<void> {
    await Promise.all([this.postgres, this.redis].map(async (server) => (await server)?.stop()));
  }

  private startPostgres(): Promise<TestPostgres> {
    this.postgres ??= TestPostgres.start().then(async (postgres) => {
      await migrateTemplate(postgres.url);
      return postgres;
    });
    return this.postgres;
  }
}
