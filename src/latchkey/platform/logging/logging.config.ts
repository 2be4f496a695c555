import { IsIn } from 'class-validator';
import { ConfigSlice, FromEnv } from '../config/config-slice.js';

@ConfigSlice()
export class LoggingConfig {
  @FromEnv('LOG_LEVEL')
  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  level: string = 'info';
}
