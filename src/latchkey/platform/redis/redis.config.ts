import { IsInt, IsOptional, Max, Min, ValidateBy } from 'class-validator';
import { ConfigSlice, FromEnv } from '../config/config-slice.js';
import { findRedisAddress } from './redis-address.js';

@ConfigSlice()
export class RedisConfig {
  /** Unset: one process, or several that learn of revocations by polling Postgres. */
  @FromEnv('REDIS_URL')
  @IsOptional()
  @ValidateBy({
    name: 'isRedisAddress',
    validator: {
      validate: (url) => typeof url === 'string' && findRedisAddress(url) !== null,
      defaultMessage: () =>
        'REDIS_URL must look like redis://user:password@host:6379/0, redis-cluster://host:6379,host:6379 or redis+sentinel://host:26379,host:26379/master-name',
    },
  })
  url?: string;

  /** What a request waits for Redis at most. */
  @FromEnv('REDIS_COMMAND_TIMEOUT_MS')
  @IsInt()
  @Min(10)
  @Max(10_000)
  commandTimeoutMilliseconds: number = 200;
}
