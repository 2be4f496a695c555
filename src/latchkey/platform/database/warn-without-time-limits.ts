import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';

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
