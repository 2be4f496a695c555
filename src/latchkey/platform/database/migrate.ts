import { setTimeout as pause } from 'node:timers/promises';
import {
  type DataSource,
  type DataSourceOptions,
  type EntitySubscriberInterface,
  QueryFailedError,
  type QueryRunner,
  type TransactionStartEvent,
} from 'typeorm';
import { commandLine } from '../config/command-line.js';
import { StartupError } from '../errors/startup-error.js';
import { ADVISORY_LOCKS, tryLock } from './advisory-locks.js';
import { connect } from './connection/connect.js';
import { withoutTimeLimits } from './connection/time-limits.js';

const BETWEEN_TRIES_MILLISECONDS = 100;
/** One connection holds the lock, the other one migrates. */
const CONNECTIONS = 2;
/** SQLSTATE undefined_table. */
const NO_TABLE = '42P01';
/** SQLSTATE insufficient_privilege. */
const MAY_NOT = '42501';

/**
 * Brings the schema up to date; returns the names of what was run. Where nothing is to be done, the
 * database role needs no more than to read the table of migrations. A migration may take as long as
 * it needs. Works through a pooler in transaction mode, too.
 *
 * @throws StartupError naming the migration that failed; those before it stay applied. Or one that the
 *   database has and this version does not know: a newer version has been here.
 */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  const { pending, unknown } = await migrationState(dataSource);
  if (unknown !== null) throw newerThanThis(unknown);
  if (pending.length === 0) return [];
  const options = { ...dataSource.options, poolSize: CONNECTIONS, subscribers: [LiftTimeLimits] };
  const unhurried = await connect(withoutTimeLimits(options as DataSourceOptions));
  const lock = unhurried.createQueryRunner();
  try {
    await waitForTurn(lock);
    const migrations = await unhurried.runMigrations();
    return migrations.map((migration) => migration.name);
  } catch (error) {
    throw new StartupError(explain(error), { cause: error });
  } finally {
    await lock.rollbackTransaction().catch(() => undefined);
    await lock.release();
    await unhurried.destroy();
  }
}

/** What a start would make of a database. */
export interface MigrationState {
  /** What it has not, in the order in which they would be run. */
  readonly pending: readonly string[];
  /**
   * The last one that was applied, where this version does not know it. One before it may be unknown: a
   * feature that was removed leaves migrations behind, and they are followed by others.
   */
  readonly unknown: string | null;
}

/** Reads, and changes nothing. */
export async function migrationState(dataSource: DataSource): Promise<MigrationState> {
  const done = await appliedTo(dataSource);
  const known = namesOf(dataSource);
  const last = done.at(-1);
  return {
    pending: known.filter((name) => !done.includes(name)),
    unknown: last === undefined || known.includes(last) ? null : last,
  };
}

function namesOf(dataSource: DataSource): string[] {
  return dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name);
}

/** In the order in which they were applied; none where the table is not there yet. */
async function appliedTo(dataSource: DataSource): Promise<string[]> {
  const rows = await dataSource
    .query<{ name: string }[]>(
      `SELECT name FROM ${dataSource.options.migrationsTableName} ORDER BY id`,
    )
    .catch((error: unknown) => {
      if (isRefusal(error, NO_TABLE)) return [];
      throw error;
    });
  return rows.map(({ name }) => name);
}

function newerThanThis(migration: string): StartupError {
  return new StartupError(
    `The database has been migrated by a newer version: it has ${migration}, which this version does not know. Start that version or a later one, or restore a backup from before. If you have removed the feature that this migration belongs to, delete its row from the table "migrations".`,
  );
}

/**
 * Held by a transaction, since a pooler leaves nothing else on one connection. Tried again and
 * again, since a statement that waits keeps a snapshot, for which CREATE INDEX CONCURRENTLY would wait.
 */
async function waitForTurn(runner: QueryRunner): Promise<void> {
  await runner.startTransaction();
  while (!(await tryLock(runner.manager, ADVISORY_LOCKS.migration))) {
    await pause(BETWEEN_TRIES_MILLISECONDS);
  }
}

function explain(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  if (isRefusal(error, MAY_NOT)) {
    return `The schema is not up to date, and the role of DATABASE_URL may not change it (${reason}). Run "${commandLine()} migrate" with the DATABASE_URL of the role that owns the tables, then start again (docs/audit.md).`;
  }
  return `A database migration failed: ${reason}. Mend the migration or the data it trips over and start again; nothing of it was applied.`;
}

function isRefusal(error: unknown, state: string): boolean {
  return error instanceof QueryFailedError && error.driverError.code === state;
}

/** Lifts, for each transaction, what the role or the database is set to: migrations take long. */
export class LiftTimeLimits implements EntitySubscriberInterface {
  async afterTransactionStart({ queryRunner }: TransactionStartEvent): Promise<void> {
    await queryRunner.query(
      'SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0',
    );
  }
}
