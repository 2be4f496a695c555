import { IsInt, Max, Min } from 'class-validator';
import { ConfigSlice, FromEnv } from '../../platform/config/config-slice.js';

@ConfigSlice()
export class KeysConfig {
  /** How long one key signs before the next one takes over. 0: only on demand. */
  @FromEnv('SIGNING_KEY_ROTATION_DAYS')
  @IsInt()
  @Min(0)
  @Max(3_650)
  rotationDays: number = 30;
}
