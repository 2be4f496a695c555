import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { decodeCursor, type Page, toPage, UUID_KEY } from '../http/answers/page.js';
import { TRIED_FOR } from './outbox.js';
import { OutboxConnection } from './outbox-connection.js';
import type { OutboxState } from './outbox-message.entity.js';
import type { TakenMessage } from './outbox-queue.js';

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

/** What operators see of `outbox`, and do to it. */
@Injectable()
export class OutboxStore {
  constructor(
    private readonly connection: OutboxConnection,
    private readonly dataSource: DataSource,
  ) {}

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
    const rows = await this.dataSource.query<OutboxRow[]>(
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
    const [row] = await manager.query<OutboxRow[]>(`SELECT ${COLUMNS} FROM outbox WHERE id = $1`, [
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
