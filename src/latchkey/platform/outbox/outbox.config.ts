import { IsIn } from 'class-validator';
import { ConfigSlice, FromEnv } from '../config/config-slice.js';

@ConfigSlice()
export class OutboxConfig {
  /** `off`: this instance puts messages in and leaves it to others to deliver them. */
  @FromEnv('OUTBOX_WORKER')
  @IsIn(['on', 'off'])
  worker: string = 'on';
}
