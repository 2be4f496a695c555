import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { DatabaseConfig } from '../database.config.js';

/** SQLSTATE feature_not_supported: a migration has changed the type of a column meanwhile. */
const CACHED_PLAN_OUTDATED = '0A000';
/**
 * SQLSTATE invalid_sql_statement_name and duplicate_prepared_statement: the connection to Postgres
 * is not the one on which the statement was prepared. Either way it has not been carried out.
 */
const CONNECTION_CHANGED = new Set(['26000', '42P05']);

export interface PreparedStatement {
  /** Which no other statement has. */
  readonly name: string;
  readonly text: string;
}

/**
 * Runs single statements on TypeORM's own pool. Postgres parses and plans each of them once for a
 * connection and not once for a request: most of what a look-up by key costs it. Behind a pooler
 * that knows nothing of prepared statements it finds that out, and prepares no more.
 */
@Injectable()
export class PreparedStatements {
  private readonly logger = new Logger('Database');
  private readonly pool: pg.Pool;
  private readonly names = new WeakMap<PreparedStatement, string>();
  private preparing: boolean;

  constructor(dataSource: DataSource, config: DatabaseConfig) {
    this.pool = (dataSource.driver as PostgresDriver).master;
    this.preparing = config.preparedStatements;
  }

  /** @throws what `pg` throws; the exception filter tells an absent database from a fault */
  async query<Row extends pg.QueryResultRow>(
    statement: PreparedStatement,
    values: unknown[],
  ): Promise<Row[]> {
    const { text } = statement;
    if (!this.preparing) return this.once(text, values);
    try {
      const name = this.nameOf(statement);
      return (await this.pool.query<Row>({ name, text, values })).rows;
    } catch (error) {
      const { code = '' } = error as { code?: string };
      if (CONNECTION_CHANGED.has(code)) this.prepareNoMore();
      else if (code !== CACHED_PLAN_OUTDATED) throw error;
      return this.once(text, values);
    }
  }

  private async once<Row extends pg.QueryResultRow>(
    text: string,
    values: unknown[],
  ): Promise<Row[]> {
    return (await this.pool.query<Row>({ text, values })).rows;
  }

  /** With a mark of the text: another version of Latchkey may have got the connection before. */
  private nameOf(statement: PreparedStatement): string {
    const known = this.names.get(statement);
    if (known !== undefined) return known;
    const mark = createHash('sha256').update(statement.text).digest('base64url').slice(0, 12);
    const name = `${statement.name}-${mark}`;
    this.names.set(statement, name);
    return name;
  }

  private prepareNoMore(): void {
    if (!this.preparing) return;
    this.preparing = false;
    this.logger.warn(
      'What stands between this process and Postgres does not keep prepared statements, so that none are used until the next start. DATABASE_PREPARED_STATEMENTS=false uses none from the beginning (docs/postgres.md).',
    );
  }
}
