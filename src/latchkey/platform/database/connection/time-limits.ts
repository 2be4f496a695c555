import { Logger } from '@nestjs/common';
import type { DataSource, DataSourceOptions } from 'typeorm';

/** By so much Postgres, which says why it ends a statement, comes before this process. */
const HEAD_START_MS = 1_000;

/**
 * What each connection asks of Postgres when it is opened, which a pooler refuses or does not pass
 * on; and what this process keeps by itself.
 */
export function timeLimits(statementTimeoutSeconds: number) {
  const milliseconds = statementTimeoutSeconds * 1_000;
  return {
    statement_timeout: milliseconds,
    idle_in_transaction_session_timeout: milliseconds,
    answerTimeoutMillis: milliseconds + HEAD_START_MS,
    // By the time at which one connection is found dead, those that died with it unused have
    // been closed: the second attempt opens a new one.
    idleTimeoutMillis: milliseconds,
  };
}

const OF_THE_SERVER = ['statement_timeout', 'idle_in_transaction_session_timeout'];

/** The same connections, asking nothing that a pooler could refuse. */
export function withoutServerTimeLimits(options: DataSourceOptions): DataSourceOptions {
  return without(options, OF_THE_SERVER);
}

/** The same connections, with all the time in the world. */
export function withoutTimeLimits(options: DataSourceOptions): DataSourceOptions {
  return without(options, [...OF_THE_SERVER, 'answerTimeoutMillis']);
}

function without(options: DataSourceOptions, limits: readonly string[]): DataSourceOptions {
  const kept = Object.entries(options.extra ?? {}).filter(([name]) => !limits.includes(name));
  return { ...options, extra: Object.fromEntries(kept) };
}

/** Says that Postgres ends no statement by itself: a pooler has not passed on that it is to. */
export async function warnWithoutTimeLimits(dataSource: DataSource): Promise<void> {
  const [row] = await dataSource.query<{ unlimited: boolean; role: string }[]>(
    `SELECT current_setting('statement_timeout') = '0' AS unlimited, current_user AS role`,
  );
  if (row?.unlimited !== true) return;
  new Logger('Database').warn(
    `Statements have no time limit in Postgres: a pooler does not pass it on. Set it for the role, and start again: ALTER ROLE "${row.role}" SET statement_timeout = '10s' (docs/postgres.md).`,
  );
}
