import { availableParallelism } from 'node:os';
import { IsArray, IsIn, IsInt, Length, Matches, Max, Min } from 'class-validator';
import {
  ConfigSlice,
  FromEnv,
  type RefusesInProduction,
} from '../../platform/config/config-slice.js';

/** OWASP's minimum for argon2id (Password Storage Cheat Sheet). */
const MIN_PRODUCTION_MEMORY_KIB = 19_456;
const MIN_PRODUCTION_TIME_COST = 2;

@ConfigSlice()
export class PasswordsConfig implements RefusesInProduction {
  /** In code points. 15 is what NIST SP 800-63B-4 asks of a password that stands alone. */
  @FromEnv('PASSWORD_MIN_LENGTH')
  @IsInt()
  @Min(8)
  @Max(128)
  minLength: number = 15;

  /** What passwords must not be built from besides: the product's and the company's names. */
  @FromEnv('PASSWORD_CONTEXT_WORDS')
  @IsArray()
  @Length(3, 100, { each: true })
  contextWords: string[] = [];

  /** `off`, the path of a file of digests, or the address of a service that is asked for a range. */
  @FromEnv('PASSWORD_BREACH_CHECK')
  @Matches(/^(off|\/.+|https?:\/\/[^?#\s]+\/)$/, {
    message:
      'PASSWORD_BREACH_CHECK must be off, the absolute path of a file, or the address of a range API that ends in /',
  })
  breachCheck: string = 'off';

  @FromEnv('ARGON2_MEMORY_KIB')
  @IsInt()
  @Min(8)
  @Max(4_194_304)
  memoryKib: number = MIN_PRODUCTION_MEMORY_KIB;

  @FromEnv('ARGON2_TIME_COST')
  @IsInt()
  @Min(1)
  @Max(100)
  timeCost: number = MIN_PRODUCTION_TIME_COST;

  /** One core is left to everything else. */
  @FromEnv('HASHING_CONCURRENCY')
  @IsInt()
  @Min(1)
  @Max(128)
  concurrency: number = Math.max(1, availableParallelism() - 1);

  /**
   * How many may wait, of all who come. At some 35 ms a hash, 256 wait nine seconds for a single core:
   * as long as anybody may, so that a whole office which arrives together is let in.
   */
  @FromEnv('HASHING_QUEUE')
  @IsInt()
  @Min(0)
  @Max(10_000)
  queueLength: number = 256;

  /** A request that has waited so long for a turn is told to come back: people have given up by then. */
  @FromEnv('HASHING_MAX_WAIT_SECONDS')
  @IsInt()
  @Min(1)
  @Max(600)
  maxWaitSeconds: number = 10;

  /**
   * `lowest` leaves to hashing what everything else on the processors leaves; `normal` is for
   * machines whose other programs leave nothing.
   */
  @FromEnv('HASHING_PRIORITY')
  @IsIn(['lowest', 'normal'])
  priority: 'lowest' | 'normal' = 'lowest';

  productionRefusals(): string[] {
    const refusals: string[] = [];
    if (this.memoryKib < MIN_PRODUCTION_MEMORY_KIB) {
      refusals.push(
        `ARGON2_MEMORY_KIB must be at least ${MIN_PRODUCTION_MEMORY_KIB} in production`,
      );
    }
    if (this.timeCost < MIN_PRODUCTION_TIME_COST) {
      refusals.push(`ARGON2_TIME_COST must be at least ${MIN_PRODUCTION_TIME_COST} in production`);
    }
    return refusals;
  }
}
