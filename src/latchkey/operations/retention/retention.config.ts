import { IsInt, Max, Min } from 'class-validator';
import { ConfigSlice, FromEnv } from '../../platform/config/config-slice.js';

const TEN_YEARS_DAYS = 3_650;

@ConfigSlice()
export class RetentionConfig {
  /** How often what is old enough is removed. */
  @FromEnv('RETENTION_INTERVAL_SECONDS')
  @IsInt()
  @Min(1)
  @Max(86_400)
  intervalSeconds: number = 300;

  /** Rows that one statement looks at or removes. */
  @FromEnv('RETENTION_BATCH_SIZE')
  @IsInt()
  @Min(1)
  @Max(10_000)
  batchSize: number = 1_000;

  /** At least a day: longer than any access token lives. */
  @FromEnv('ENDED_SESSION_RETENTION_DAYS')
  @IsInt()
  @Min(1)
  @Max(TEN_YEARS_DAYS)
  endedSessionDays: number = 30;

  @FromEnv('AUDIT_RETENTION_DAYS')
  @IsInt()
  @Min(1)
  @Max(TEN_YEARS_DAYS)
  auditDays: number = 400;
}
