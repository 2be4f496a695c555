import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import pg from 'pg';
import { beginSpan } from '../../tracing/in-span.js';

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

  // biome-ignore lint/suspicious/noExplicitAny: `pg` declares a dozen forms, and none is changed
  override query(...given: any[]): any {
    const answer: unknown = super.query(...(given as [string]));
    if (answer instanceof Promise) traceStatement(given[0], answer);
    return answer;
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

/** The text has `$1` where values are. */
function traceStatement(statement: string | { readonly text: string }, answer: Promise<unknown>) {
  const text = typeof statement === 'string' ? statement : statement.text;
  const name = /\w+/.exec(text)?.[0].toUpperCase() ?? 'SQL';
  const finish = beginSpan({
    name,
    kind: 'client',
    attributes: {
      'db.system.name': 'postgresql',
      'db.operation.name': name,
      'db.query.text': text,
    },
  });
  answer.then(() => finish(), finish);
}
