import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import type { PostgresClientConfig } from './postgres-client.js';

/** Whatever takes longer is given up, at either end. */
const TIMEOUT_MILLISECONDS = 2_000;

/**
 * One connection beside the pool, for what must go on when requests have taken the whole pool or
 * their statements hang. Nothing on it takes longer than two seconds to connect or to answer.
 */
@Injectable()
export class SideConnection implements OnApplicationShutdown {
  private readonly pool: pg.Pool;

  constructor(dataSource: DataSource) {
    const { options } = (dataSource.driver as PostgresDriver).master as pg.Pool;
    const { statement_timeout: asked } = options;
    const aside: pg.PoolConfig & PostgresClientConfig = {
      ...options,
      max: 1,
      idleTimeoutMillis: 0,
      allowExitOnIdle: true,
      connectionTimeoutMillis: TIMEOUT_MILLISECONDS,
      statement_timeout: asked === undefined ? asked : TIMEOUT_MILLISECONDS,
      answerTimeoutMillis: TIMEOUT_MILLISECONDS,
      application_name: 'latchkey side',
    };
    this.pool = new pg.Pool(aside);
    // Lost while idle: the next use opens another one.
    this.pool.on('error', () => undefined);
    // Lost between two statements, when the pool does not listen: the next statement fails.
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /** Everything in `work` goes over one and the same connection, or fails. */
  async use<T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    try {
      const result = await work(client);
      client.release();
      return result;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
