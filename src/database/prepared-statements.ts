import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { DatabaseConfig } from './database.config.js';

/** SQLSTATE feature_not_supported: a migration has changed the type of a column meanwhile. */
const CACHED_PLAN_OUTDATED = '0A000';

export interface PreparedStatement {
  /** Which no other statement has. */
  readonly name: string;
  readonly text: string;
}

/**
 * Runs single statements on TypeORM's own pool. Postgres parses and plans each of them once for a
 * connection and not once for a request: most of what a look-up by key costs it.
 */
@Injectable()
export class PreparedStatements {
  private readonly pool: pg.Pool;

  constructor(
    dataSource: DataSource,
    private readonly config: DatabaseConfig,
  ) {
    this.pool = (dataSource.driver as PostgresDriver).master;
  }

  /** @throws what `pg` throws; the exception filter tells an absent database from a fault */
  async query<Row extends pg.QueryResultRow>(
    { name, text }: PreparedStatement,
    values: unknown[],
  ): Promise<Row[]> {
    if (!this.config.preparedStatements) return this.once(text, values);
    try {
      return (await this.pool.query<Row>({ name, text, values })).rows;
    } catch (error) {
      if ((error as { code?: string }).code !== CACHED_PLAN_OUTDATED) throw error;
      return this.once(text, values);
    }
  }

  private async once<Row extends pg.QueryResultRow>(
    text: string,
    values: unknown[],
  ): Promise<Row[]> {
    return (await this.pool.query<Row>({ text, values })).rows;
  }
}
