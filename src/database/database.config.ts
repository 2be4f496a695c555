import { IsBoolean, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { ConfigSlice, FromEnv, type RefusesInProduction } from '../config/config-slice.js';

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

  /** False behind a pooler that hands connections out for a statement and does not follow them. */
  @FromEnv('DATABASE_PREPARED_STATEMENTS')
  @IsBoolean()
  preparedStatements: boolean = true;

  productionRefusals(): string[] {
    return this.url === undefined
      ? ['DATABASE_URL must be set in production; the embedded Postgres is for development']
      : [];
  }
}
