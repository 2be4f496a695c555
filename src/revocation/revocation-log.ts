import { Injectable, Logger } from '@nestjs/common';
import type pg from 'pg';
import type { EntityManager } from 'typeorm';
import type { IdGap } from './log-position.js';
import { RevocationConfig } from './revocation.config.js';
import type { Revocation } from './revocation.js';
import type { RevocationEntry } from './revocation-entry.js';
import type { RevocationRecord } from './revocation-kind.js';
import { findRevocation, toRecord } from './revocation-kinds.js';

interface LogRow extends RevocationRecord {
  /** A bigint, as text. */
  readonly id: string;
  readonly remainingSeconds: number;
}

/** Some of the log, in the order of its ids. */
export interface LogPage {
  readonly ids: readonly number[];
  readonly entries: readonly RevocationEntry[];
}

/** The database's time, and what tells the row at a reader's position from any other. */
export interface LogHead {
  readonly nowMilliseconds: number;
  /** When that row was written; null when it is not there. */
  readonly writtenAt: string | null;
}

const COLUMNS = `id, kind, subject, version::float8 AS version,
  extract(epoch FROM expires_at - clock_timestamp())::float8 AS "remainingSeconds"`;

/** So that no statement comes near the time that one may take. */
const ROWS_PER_INSERT = 10_000;

/** The durable log: every live revocation, committed together with its reason. */
@Injectable()
export class RevocationLog {
  private readonly logger = new Logger('Revocation');

  constructor(private readonly config: RevocationConfig) {}

  /** Writes revocations in the caller's transaction. */
  async append(manager: EntityManager, revocations: readonly Revocation[]): Promise<void> {
    for (let start = 0; start < revocations.length; start += ROWS_PER_INSERT) {
      await this.insert(manager, revocations.slice(start, start + ROWS_PER_INSERT));
    }
  }

  private async insert(manager: EntityManager, revocations: readonly Revocation[]): Promise<void> {
    const records = revocations.map(toRecord);
    await manager.query(
      `INSERT INTO revocation_log (kind, subject, version, expires_at)
       SELECT kind, subject, version, clock_timestamp() + make_interval(secs => $4)
       FROM unnest($1::text[], $2::text[], $3::bigint[]) AS revoked (kind, subject, version)`,
      [
        records.map(({ kind }) => kind),
        records.map(({ subject }) => subject),
        records.map(({ version }) => version),
        this.config.entryLifetimeSeconds,
      ],
    );
  }

  async readHead(client: pg.ClientBase, id: number): Promise<LogHead> {
    const { rows } = await client.query<LogHead>(
      `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMilliseconds",
         (SELECT extract(epoch FROM created_at)::text FROM revocation_log WHERE id = $1)
           AS "writtenAt"`,
      [id],
    );
    const [head] = rows;
    if (head === undefined) throw new Error('The database did not tell the time.');
    return head;
  }

  /** @param writtenSince in milliseconds since the epoch, by the database's clock */
  async readAfter(
    client: pg.ClientBase,
    id: number,
    limit: number,
    writtenSince = 0,
  ): Promise<LogPage> {
    const { rows } = await client.query<LogRow>(
      `SELECT ${COLUMNS} FROM revocation_log
       WHERE id > $1 AND created_at >= to_timestamp($3::float8 / 1000) ORDER BY id LIMIT $2`,
      [id, limit, writtenSince],
    );
    return this.toPage(rows);
  }

  /** What has appeared meanwhile where ids were missing. */
  async readGaps(client: pg.ClientBase, gaps: readonly IdGap[]): Promise<LogPage> {
    if (gaps.length === 0) return { ids: [], entries: [] };
    const { rows } = await client.query<LogRow>(
      `SELECT ${COLUMNS} FROM revocation_log
       JOIN unnest($1::bigint[], $2::bigint[]) AS gap (after, before)
         ON revocation_log.id > gap.after AND revocation_log.id < gap.before
       ORDER BY id`,
      [gaps.map(({ after }) => after), gaps.map(({ before }) => before)],
    );
    return this.toPage(rows);
  }

  /** Deletes rows that no token can meet any more; returns how many. */
  async deleteExpired(manager: EntityManager, limit: number): Promise<number> {
    const [, count] = await manager.query<[unknown[], number]>(
      `DELETE FROM revocation_log WHERE id IN (
         SELECT id FROM revocation_log WHERE expires_at < clock_timestamp()
         ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)`,
      [limit],
    );
    return count;
  }

  private toPage(rows: readonly LogRow[]): LogPage {
    return {
      ids: rows.map(({ id }) => Number(id)),
      entries: rows.flatMap((row) => {
        const revocation = findRevocation(row);
        if (revocation !== null) return [{ revocation, remainingSeconds: row.remainingSeconds }];
        this.logger.warn(`Skipped entry ${row.id} of the revocation log: its kind is unknown.`);
        return [];
      }),
    };
  }
}
