// #region full
import { IsInt, Max, Min } from 'class-validator';
import { ConfigSlice, FromEnv } from '../latchkey/index.js';

/** Settings, read from the environment and checked with all other settings, before anything starts. */
@ConfigSlice()
export class NotesConfig {
  @FromEnv('NOTES_MAX_PER_USER')
  @IsInt()
  @Min(1)
  @Max(100_000)
  maxPerUser: number = 1_000;

  /** How many a user may write in a minute. */
  @FromEnv('NOTES_PER_MINUTE')
  @IsInt()
  @Min(1)
  @Max(10_000)
  perMinute: number = 60;

  /** How long notes are kept. */
  @FromEnv('NOTES_RETENTION_DAYS')
  @IsInt()
  @Min(1)
  @Max(3_650)
  retentionDays: number = 3_650;
}
// #endregion
