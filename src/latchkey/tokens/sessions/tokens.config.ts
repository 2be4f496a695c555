import { IsInt, Max, Min } from 'class-validator';
import { MAX_ACCESS_TOKEN_TTL_SECONDS } from '../../access/verification/access-token-limits.js';
import {
  ConfigSlice,
  FromEnv,
  type RefusesInProduction,
} from '../../platform/config/config-slice.js';

const MIN_PRODUCTION_ACCESS_TOKEN_TTL_SECONDS = 60;
const DAY_SECONDS = 86_400;
const TEN_YEARS_SECONDS = 315_360_000;

@ConfigSlice()
export class TokensConfig implements RefusesInProduction {
  @FromEnv('ACCESS_TOKEN_TTL_SECONDS')
  @IsInt()
  @Min(1)
  @Max(MAX_ACCESS_TOKEN_TTL_SECONDS)
  accessTokenTtlSeconds: number = 900;

  /** How long a superseded refresh token is still answered, so that a lost answer can be retried. */
  @FromEnv('REFRESH_GRACE_SECONDS')
  @IsInt()
  @Min(0)
  @Max(60)
  refreshGraceSeconds: number = 10;

  /**
   * How long after its first use the refresh token presented last is still answered, beyond the
   * grace: for an answer that was lost with the app that waited for it.
   */
  @FromEnv('REFRESH_RECOVERY_SECONDS')
  @IsInt()
  @Min(0)
  @Max(DAY_SECONDS)
  refreshRecoverySeconds: number = 3_600;

  /** A session that is not refreshed for so long is over. */
  @FromEnv('SESSION_IDLE_TTL_SECONDS')
  @IsInt()
  @Min(1)
  @Max(TEN_YEARS_SECONDS)
  sessionIdleTtlSeconds: number = 604_800;

  /** Counted from the sign-in; no refresh extends it. */
  @FromEnv('SESSION_ABSOLUTE_TTL_SECONDS')
  @IsInt()
  @Min(1)
  @Max(TEN_YEARS_SECONDS)
  sessionAbsoluteTtlSeconds: number = 2_592_000;

  /** How many sessions a user has at once: a sign-in ends the oldest beyond it. 0: any number. */
  @FromEnv('SESSIONS_PER_USER_MAX')
  @IsInt()
  @Min(0)
  @Max(10_000)
  sessionsPerUserMax: number = 0;

  productionRefusals(): string[] {
    return this.accessTokenTtlSeconds < MIN_PRODUCTION_ACCESS_TOKEN_TTL_SECONDS
      ? [
          `ACCESS_TOKEN_TTL_SECONDS must be at least ${MIN_PRODUCTION_ACCESS_TOKEN_TTL_SECONDS} in production`,
        ]
      : [];
  }
}
