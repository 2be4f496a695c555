import { IsIn, IsOptional } from 'class-validator';
import { ConfigSlice, FromEnv } from '../config/config-slice.js';

@ConfigSlice()
export class LoggingConfig {
  @FromEnv('LOG_LEVEL')
  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  level: string = 'info';

  /** Unset: text on a terminal outside production, JSON everywhere else. */
  @FromEnv('LOG_FORMAT')
  @IsOptional()
  @IsIn(['json', 'text'])
  format?: 'json' | 'text';
}
