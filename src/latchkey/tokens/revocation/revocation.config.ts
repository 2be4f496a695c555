import { IsIn, IsInt, Max, Min } from 'class-validator';
import {
  CLOCK_LEEWAY_SECONDS,
  MAX_ACCESS_TOKEN_TTL_SECONDS,
} from '../../access/verification/access-token-limits.js';
import {
  ConfigSlice,
  FromEnv,
  type RefusesInProduction,
} from '../../platform/config/config-slice.js';

/** Covers a token that is being signed, by facts read before, while the revocation commits. */
const MARGIN_SECONDS = 60;
/** For so long a revocation may go unnoticed where Redis has lost it, or where there is none. */
const MAX_PRODUCTION_POLL_SECONDS = 60;

/** A clock that was ahead by more, and has been put right, is not made up for. */
const LARGEST_CLOCK_STEP_SECONDS = 172_800;

@ConfigSlice()
export class RevocationConfig implements RefusesInProduction {
  /** How often the durable log is read: what a revocation is late at most without Redis. */
  @FromEnv('REVOCATION_POLL_SECONDS')
  @IsInt()
  @Min(1)
  @Max(3_600)
  pollSeconds: number = 2;

  /** How long a process may hear neither from Redis nor from Postgres and still judge tokens. */
  @FromEnv('REVOCATION_MAX_STALENESS_SECONDS')
  @IsInt()
  @Min(1)
  @Max(3_600)
  maxStalenessSeconds: number = 10;

  /** Past that: `closed` refuses with 503, `open` goes by what is known and logs it. */
  @FromEnv('REVOCATION_ON_OUTAGE')
  @IsIn(['closed', 'open'])
  onOutage: string = 'closed';

  /**
   * What becomes of sessions when the database turns out to have gone back, restored from a backup: `end`
   * ends them all, since some had been ended after the backup; `keep` logs it alone.
   */
  @FromEnv('REVOCATION_ON_RESTORE')
  @IsIn(['end', 'keep'])
  onRestore: string = 'end';

  /**
   * For how long a revocation is remembered: until no token that it concerns can be accepted. Not
   * by `ACCESS_TOKEN_TTL_SECONDS`: while that is being changed, instances issue tokens by the old
   * value and by the new one, and a revocation must outlive them all.
   */
  readonly entryLifetimeSeconds =
    MAX_ACCESS_TOKEN_TTL_SECONDS + CLOCK_LEEWAY_SECONDS + MARGIN_SECONDS;

  /** The longest that one is remembered where clocks were set: docs/adr/0004. */
  readonly longestEntryLifetimeSeconds = this.entryLifetimeSeconds + LARGEST_CLOCK_STEP_SECONDS;

  /** Where one reading fails, the next one must still be in time. */
  productionRefusals(): string[] {
    const longest = Math.min(MAX_PRODUCTION_POLL_SECONDS, this.maxStalenessSeconds / 2);
    return this.pollSeconds <= longest
      ? []
      : [
          `REVOCATION_POLL_SECONDS must be at most ${MAX_PRODUCTION_POLL_SECONDS} in production, and at most half of REVOCATION_MAX_STALENESS_SECONDS`,
        ];
  }
}
