import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { ConfigSlice, FromEnv } from '../../config/config-slice.js';

@ConfigSlice()
export class ShutdownConfig {
  /**
   * How long a process goes on serving after SIGTERM: balancers take so long to notice that it is
   * not ready any more. Unset: 5 in production, otherwise 0.
   */
  @FromEnv('SHUTDOWN_DELAY_SECONDS')
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(300)
  delaySeconds?: number;
}
