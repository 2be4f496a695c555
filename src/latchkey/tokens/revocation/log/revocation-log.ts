import { Injectable, Logger } from '@nestjs/common';
import type pg from 'pg';
import type { EntityManager } from 'typeorm';
import type { Revocation, RevocationEntry } from '../kinds/revocation.js';
import type { RevocationRecord } from '../kinds/revocation-kind.js';
import { findRevocation, toRecord } from '../kinds/revocation-kinds.js';
import { RevocationConfig } from '../revocation.config.js';
import { LOG_START, type LogPosition } from './log-position.js';
import { GO_ON_FROM_SQL, HEAD_SQL, KEEP_TIME_SQL, PAGE_SQL } from './revocation-log-sql.js';

interface LogRow extends RevocationRecord {
  /** A bigint, as text. */
  readonly id: string;
  readonly writtenAt: string;
  readonly remainingSeconds: number;
}

/** What a reading of the log has come to. */
export interface LogReading {
  /** Where the next one goes on. */
  readonly position: LogPosition;
  /** The database's time. */
  readonly nowMilliseconds: number;
  /** How late the log is: kept every ten seconds, and never less than before by itself. */
  readonly latestMilliseconds: number;
  /** How often everything has been published to Redis. */
  readonly epoch: number;
  /** By how much the database's clock has been set back and has not made up for it. */
  readonly behindSeconds: number;
  /** Whether what is older than any token may go. */
  readonly mayTrim: boolean;
  /** Whether the log has to be told how late it is: `keepTime`. */
  readonly timeIsDue: boolean;
}

export interface LogReader {
  /** Told as soon as the database has said its time, in milliseconds since the epoch. */
  timeIs?(databaseNow: number): void;
  take(page: readonly RevocationEntry[]): void | Promise<void>;
}

interface LogHead extends Omit<LogReading, 'position'> {
  readonly snapshot: string;
  /** Whether the log is the one that the reader's position was in. */
  readonly continues: boolean;
}

const NO_PROGRESS = 'The row of revocation_progress is missing.';
const PAGE_SIZE = 2_000;

const ROWS_PER_INSERT = 10_000;

/** The durable log: every live revocation, committed together with its reason. */
@Injectable()
export class RevocationLog {
  private readonly logger = new Logger('Revocation');

  constructor(private readonly config: RevocationConfig) {}

  /**
   * Writes revocations in the caller's transaction.
   *
   * @returns for how long they are needed: longer than ever where the clock was set back
   */
  async append(manager: EntityManager, revocations: readonly Revocation[]): Promise<number> {
    let neededSeconds = this.config.entryLifetimeSeconds;
    for (let start = 0; start < revocations.length; start += ROWS_PER_INSERT) {
      const page = revocations.slice(start, start + ROWS_PER_INSERT);
      neededSeconds = Math.max(neededSeconds, await this.insert(manager, page));
    }
    return neededSeconds;
  }

  private async insert(manager: EntityManager, revocations: readonly Revocation[]) {
    const records = revocations.map(toRecord);
    const [row] = await manager.query<{ needed: number }[]>(
      `WITH clock AS (SELECT clock_timestamp() AS now,
           greatest(clock_timestamp(), latest_at) AS moment FROM revocation_progress),
         inserted AS (INSERT INTO revocation_log (kind, subject, version, created_at, expires_at)
           SELECT kind, subject, version, moment, moment + make_interval(secs => $4)
           FROM clock, unnest($1::text[], $2::text[], $3::bigint[]) AS revoked (kind, subject, version))
       SELECT $4 + extract(epoch FROM moment - now)::float8 AS needed FROM clock`,
      [
        records.map(({ kind }) => kind),
        records.map(({ subject }) => subject),
        records.map(({ version }) => version),
        this.config.entryLifetimeSeconds,
      ],
    );
    if (row === undefined) throw new Error(NO_PROGRESS);
    return row.needed;
  }

  /**
   * Writes down how late it is, now and then, so that the log's times do not go back with the
   * clock: tokens were issued by the time that it told before.
   *
   * @param latestMilliseconds as it was read: a log that says otherwise by now is left alone
   */
  async keepTime(client: pg.ClientBase, latestMilliseconds: number): Promise<void> {
    await client.query(KEEP_TIME_SQL, [this.config.entryLifetimeSeconds, latestMilliseconds]);
  }

  /** After it has gone back: no time is told twice. False when another process has done it. */
  async goOnFrom(manager: EntityManager, beforeMilliseconds: number): Promise<boolean> {
    const [rows] = await manager.query<[unknown[], number]>(GO_ON_FROM_SQL, [beforeMilliseconds]);
    return rows.length === 1;
  }

  /**
   * Reads to the end what a reader at this position has not seen, page by page, in the order of the
   * ids. Whatever had been committed when it was called is among it, or was read before.
   *
   * A database that was restored, or failed over to a replica that lagged, gives ids and
   * transactions a second time: then the row at the position is missing or another one, and all is
   * read. So it is when that row has expired and been deleted; little is left to read then.
   */
  async read(client: pg.ClientBase, position: LogPosition, reader: LogReader): Promise<LogReading> {
    // The snapshot comes first: what is read after it may be more, and is read again then.
    const { snapshot, continues, ...head } = await this.readHead(client, position);
    reader.timeIs?.(head.nowMilliseconds);
    const since = continues ? position : LOG_START;
    let { highestId, writtenAt } = since;
    for (let cursor = 0; ; ) {
      const rows = await this.readPage(client, since, cursor);
      await reader.take(this.toEntries(rows));
      const last = rows.at(-1);
      if (last !== undefined) cursor = Number(last.id);
      if (last !== undefined && cursor > highestId)
        [highestId, writtenAt] = [cursor, last.writtenAt];
      if (rows.length < PAGE_SIZE) return { ...head, position: { snapshot, highestId, writtenAt } };
    }
  }

  /**
   * Counts one more publication of everything, unless another process has since `known`.
   *
   * @param atLeast what Redis says: that of a database which has been restored since
   * @returns the number; null when another process was first
   */
  async raiseEpoch(client: pg.ClientBase, known: number, atLeast: number): Promise<number | null> {
    const { rows } = await client.query<{ epoch: number }>(
      `UPDATE revocation_progress SET epoch = greatest(epoch, $2) + 1 WHERE epoch = $1
       RETURNING epoch::float8 AS epoch`,
      [known, atLeast],
    );
    return rows[0]?.epoch ?? null;
  }

  /**
   * Deletes rows that no token can meet any more; returns how many. Not at once: a clock that is
   * ahead by a day says so of rows that are still needed when it has been put right.
   */
  async deleteExpired(manager: EntityManager, limit: number): Promise<number> {
    const [, count] = await manager.query<[unknown[], number]>(
      `DELETE FROM revocation_log WHERE id IN (
         SELECT id FROM revocation_log WHERE expires_at < clock_timestamp() - interval '2 days'
         ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)`,
      [limit],
    );
    return count;
  }

  private async readHead(
    client: pg.ClientBase,
    { snapshot, highestId, writtenAt }: LogPosition,
  ): Promise<LogHead> {
    const { rows } = await client.query<LogHead>(HEAD_SQL, [
      highestId,
      writtenAt,
      snapshot,
      this.config.entryLifetimeSeconds,
    ]);
    const [head] = rows;
    if (head === undefined) throw new Error(NO_PROGRESS);
    return head;
  }

  private async readPage(
    client: pg.ClientBase,
    { highestId, snapshot }: LogPosition,
    cursor: number,
  ): Promise<LogRow[]> {
    const { rows } = await client.query<LogRow>(PAGE_SQL, [highestId, snapshot, cursor, PAGE_SIZE]);
    return rows;
  }

  private toEntries(rows: readonly LogRow[]): RevocationEntry[] {
    return rows.flatMap((row) => {
      const revocation = findRevocation(row);
      if (revocation !== null) return [{ revocation, remainingSeconds: row.remainingSeconds }];
      this.logger.warn(`Skipped entry ${row.id} of the revocation log: its kind is unknown.`);
      return [];
    });
  }
}
