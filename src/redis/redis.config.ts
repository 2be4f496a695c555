import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { ConfigSlice, FromEnv } from '../config/config-slice.js';

@ConfigSlice()
export class RedisConfig {
  /** Unset: one process, or several that learn of revocations by polling Postgres. */
  @FromEnv('REDIS_URL')
  @IsOptional()
  @Matches(/^rediss?:\/\//, {
    message: 'REDIS_URL must look like redis://user:password@host:6379/0',
  })
  url?: string;

  /** What a request waits for Redis at most, per command. */
  @FromEnv('REDIS_COMMAND_TIMEOUT_MS')
  @IsInt()
  @Min(10)
  @Max(10_000)
  commandTimeoutMilliseconds: number = 200;
}
