import { IsBoolean, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { ConfigSlice, FromEnv, type RefusesInProduction } from '../config/config-slice.js';

export const DEFAULT_STATEMENT_TIMEOUT_SECONDS = 10;
export const DEFAULT_CONNECTION_TIMEOUT_SECONDS = 2;

@ConfigSlice()
export class DatabaseConfig implements RefusesInProduction {
  /** Unset: an embedded Postgres with its data in `.latchkey/`. */
  @FromEnv('DATABASE_URL')
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\//, {
    message: 'DATABASE_URL must look like postgres://user:password@host:5432/database',
  })
  url?: string;

  /** Connections that one process holds at most. */
  @FromEnv('DATABASE_POOL_SIZE')
  @IsInt()
  @Min(2)
  @Max(200)
  poolSize: number = 10;

  /** How long a request waits for a connection, a new one or that of another request. */
  @FromEnv('DATABASE_CONNECTION_TIMEOUT_SECONDS')
  @IsInt()
  @Min(1)
  @Max(60)
  connectionTimeoutSeconds: number = DEFAULT_CONNECTION_TIMEOUT_SECONDS;

  /** After which Postgres ends a statement; a connection that is silent for a second more is dead. */
  @FromEnv('DATABASE_STATEMENT_TIMEOUT_SECONDS')
  @IsInt()
  @Min(1)
  @Max(300)
  statementTimeoutSeconds: number = DEFAULT_STATEMENT_TIMEOUT_SECONDS;

  /** False: none from the beginning, instead of until the first that a pooler does not know. */
  @FromEnv('DATABASE_PREPARED_STATEMENTS')
  @IsBoolean()
  preparedStatements: boolean = true;

  productionRefusals(): string[] {
    return this.url === undefined
      ? ['DATABASE_URL must be set in production; the embedded Postgres is for development']
      : [];
  }
}
