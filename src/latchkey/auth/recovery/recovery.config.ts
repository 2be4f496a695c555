import { IsIn } from 'class-validator';
import { ConfigSlice, FromEnv } from '../../platform/config/config-slice.js';

@ConfigSlice()
export class RecoveryConfig {
  /** Whether a forgotten password is replaced by mail. `on` does so where mail is sent. */
  @FromEnv('RECOVERY')
  @IsIn(['on', 'off'])
  recovery: string = 'on';
}
