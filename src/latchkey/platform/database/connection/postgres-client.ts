import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import pg from 'pg';

export interface PostgresClientConfig extends pg.ClientConfig {
  /** A connection that owes an answer for so long is taken for dead; undefined: never. */
  readonly answerTimeoutMillis?: number;
}

/** What `pg` has and does not declare. */
interface Internals {
  readonly connection: { readonly stream: Duplex };
  readonly readyForQuery: boolean;
}

/**
 * A connection that ends when an answer is overdue, and fails whatever waits for it. `pg` by itself
 * (`query_timeout`) fails the query alone and keeps the connection: a pool then hands out again what
 * a failover, a NAT or a balancer has silently cut (brianc/node-postgres#3399).
 */
export class PostgresClient extends pg.Client {
  constructor(config: PostgresClientConfig) {
    super(config);
    const { answerTimeoutMillis: milliseconds } = config;
    if (milliseconds !== undefined) this.once('connect', () => this.endWhenOverdue(milliseconds));
  }

  // One timer for each connection, which traffic resets; a timer for each query would cost more. It
  // also covers a connection that this side has ended and the other side has not closed yet.
  private endWhenOverdue(milliseconds: number): void {
    const internals = this as unknown as Internals;
    const stream = internals.connection.stream as Socket;
    stream.setTimeout(milliseconds).on('timeout', () => {
      if (stream.writableEnded) return void stream.destroy();
      if (internals.readyForQuery) return;
      const error = new Error(`Postgres has not answered within ${milliseconds} ms`);
      stream.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
    });
  }
}
