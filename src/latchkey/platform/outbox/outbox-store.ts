import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { decodeCursor, type Page, toPage, UUID_KEY } from '../http/answers/page.js';
import { TRIED_FOR } from './outbox.js';
import { OutboxConnection } from './outbox-connection.js';
import type { OutboxState } from './outbox-message.entity.js';

/** Longer than a try may take: a worker that holds a message for so long has died. */
const LEASE = `interval '60 seconds'`;

export interface TakenMessage {
  readonly id: string;
  readonly kind: string;
  readonly recipient: string;
  readonly payload: Record<string, unknown>;
  readonly personal: Record<string, unknown> | null;
  readonly attempts: number;
}

/** A message as admins see it. */
export interface OutboxRow extends Omit<TakenMessage, 'personal'> {
  readonly state: OutboxState;
  readonly createdAt: Date;
  readonly dueAt: Date;
  readonly settledAt: Date | null;
  readonly lastError: string | null;
}

export interface OutboxCounts {
  readonly waiting: number;
  readonly dead: number;
  /** How long the oldest that waits has been waiting. */
  readonly oldestSeconds: number;
}

const COLUMNS = `id, kind, recipient, payload, state, attempts, created_at AS "createdAt",
  due_at AS "dueAt", settled_at AS "settledAt", last_error AS "lastError"`;

/** The statements on `outbox`, but for the one that puts messages in. */
@Injectable()
export class OutboxStore {
  constructor(
    private readonly connection: OutboxConnection,
    private readonly dataSource: DataSource,
  ) {}

  /**
   * Takes messages of these kinds that are due, the first that waits of each recipient alone, and
   * holds them for a minute. No two workers take the same one.
   */
  take(kinds: readonly string[], limit: number): Promise<TakenMessage[]> {
    return this.connection.query<TakenMessage & Record<string, unknown>>(
      `UPDATE outbox SET attempts = attempts + 1, due_at = clock_timestamp() + ${LEASE}
       WHERE id IN (
         SELECT message.id FROM outbox AS message
         WHERE message.state = 'waiting' AND message.due_at <= clock_timestamp()
           AND message.kind = ANY($1) AND NOT EXISTS (
             SELECT FROM outbox AS earlier
             WHERE earlier.recipient = message.recipient AND earlier.state = 'waiting'
               AND earlier.position < message.position)
         ORDER BY message.due_at LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING id, kind, recipient, payload, personal, attempts`,
      [kinds, limit],
    );
  }

  /** How soon something will be due, in seconds; null when nothing waits. */
  async nextDueSeconds(kinds: readonly string[]): Promise<number | null> {
    const [row] = await this.connection.query<{ seconds: number | null }>(
      `SELECT extract(epoch FROM min(message.due_at) - clock_timestamp())::float8 AS seconds
       FROM outbox AS message WHERE message.state = 'waiting' AND message.kind = ANY($1)
         AND message.due_at > clock_timestamp()`,
      [kinds],
    );
    return row?.seconds ?? null;
  }

  /** Only what is still in the hands of the worker that took it: a lease that has lapsed settles nothing. */
  async settle(
    { id, attempts }: TakenMessage,
    state: Exclude<OutboxState, 'waiting'>,
    error?: string,
  ): Promise<void> {
    await this.connection.query(
      `UPDATE outbox SET state = $3, settled_at = clock_timestamp(),
         last_error = coalesce($4, last_error),
         personal = CASE WHEN $3 = 'dead' THEN personal END
       WHERE id = $1 AND attempts = $2 AND state = 'waiting'`,
      [id, attempts, state, error ?? null],
    );
  }

  /** Tries again after the pause, or gives up when it has been tried for a day; whether it gave up. */
  async postpone(
    { id, attempts }: TakenMessage,
    pauseSeconds: number,
    error: string,
  ): Promise<boolean> {
    const [row] = await this.connection.query<{ dead: boolean }>(
      `UPDATE outbox SET last_error = $4,
         state = CASE WHEN gives_up_at <= clock_timestamp() THEN 'dead' ELSE state END,
         settled_at = CASE WHEN gives_up_at <= clock_timestamp() THEN clock_timestamp() END,
         due_at = least(clock_timestamp() + make_interval(secs => $3),
           greatest(gives_up_at, clock_timestamp()))
       WHERE id = $1 AND attempts = $2 AND state = 'waiting' RETURNING state = 'dead' AS dead`,
      [id, attempts, pauseSeconds, error],
    );
    return row?.dead === true;
  }

  /** It was no failure: the time for which it is tried begins when it may be delivered. */
  async putOff({ id, attempts }: TakenMessage, seconds: number): Promise<void> {
    await this.connection.query(
      `UPDATE outbox SET due_at = clock_timestamp() + make_interval(secs => $3),
         gives_up_at = greatest(gives_up_at, clock_timestamp() + make_interval(secs => $3) + ${TRIED_FOR})
       WHERE id = $1 AND attempts = $2 AND state = 'waiting'`,
      [id, attempts, seconds],
    );
  }

  /** How many were delivered to a recipient within the time, and when the first of them was. */
  async deliveredWithin(
    recipient: string,
    kind: string,
    seconds: number,
  ): Promise<{ count: number; firstSecondsAgo: number }> {
    const [row] = await this.connection.query<{ count: number; firstSecondsAgo: number | null }>(
      `SELECT count(*)::integer AS count,
         extract(epoch FROM clock_timestamp() - min(settled_at))::float8 AS "firstSecondsAgo"
       FROM outbox WHERE recipient = $1 AND kind = $2 AND state = 'delivered'
         AND settled_at > clock_timestamp() - make_interval(secs => $3)`,
      [recipient, kind, seconds],
    );
    return { count: row?.count ?? 0, firstSecondsAgo: row?.firstSecondsAgo ?? 0 };
  }

  async counts(): Promise<OutboxCounts> {
    const [row] = await this.connection.query<OutboxCounts & Record<string, unknown>>(
      `SELECT (SELECT count(*)::integer FROM outbox WHERE state = 'waiting') AS waiting,
         (SELECT count(*)::integer FROM outbox WHERE state = 'dead') AS dead,
         coalesce((SELECT extract(epoch FROM clock_timestamp() - min(created_at))::float8
           FROM outbox WHERE state = 'waiting'), 0) AS "oldestSeconds"`,
    );
    return row ?? { waiting: 0, dead: 0, oldestSeconds: 0 };
  }

  /** The newest first. */
  async list(query: {
    readonly state?: OutboxState;
    readonly limit: number;
    readonly cursor?: string;
  }): Promise<Page<OutboxRow>> {
    const { state, limit, cursor } = query;
    const before = cursor === undefined ? null : decodeCursor(cursor, UUID_KEY);
    const rows: OutboxRow[] = await this.dataSource.query(
      `SELECT ${COLUMNS} FROM outbox
       WHERE ($1::text IS NULL OR state = $1) AND ($2::uuid IS NULL OR id < $2)
       ORDER BY id DESC LIMIT $3`,
      [state ?? null, before, limit + 1],
    );
    return toPage(
      rows,
      limit,
      ({ id }) => id,
      (row) => row,
    );
  }

  async find(manager: EntityManager, id: string): Promise<OutboxRow | null> {
    const [row]: OutboxRow[] = await manager.query(`SELECT ${COLUMNS} FROM outbox WHERE id = $1`, [
      id,
    ]);
    return row ?? null;
  }

  /** Makes what waits or is dead due now, for another day; whether there was such a message. */
  async retry(manager: EntityManager, id: string): Promise<boolean> {
    const [retried]: [unknown[], number] = await manager.query(
      `UPDATE outbox SET state = 'waiting', settled_at = NULL, due_at = clock_timestamp(),
         gives_up_at = greatest(gives_up_at, clock_timestamp() + ${TRIED_FOR})
       WHERE id = $1 AND state IN ('waiting', 'dead') RETURNING id`,
      [id],
    );
    return retried.length === 1;
  }

  /** Removes what was delivered a week ago and what was given up a month ago; returns how many. */
  async deleteSettled(manager: EntityManager, limit: number): Promise<number> {
    const [, count]: [unknown[], number] = await manager.query(
      `DELETE FROM outbox WHERE id IN (
         SELECT id FROM outbox WHERE settled_at < clock_timestamp()
           - CASE state WHEN 'dead' THEN interval '30 days' ELSE interval '7 days' END
         ORDER BY settled_at LIMIT $1)`,
      [limit],
    );
    return count;
  }
}
