import { availableParallelism } from 'node:os';
import { IsArray, IsInt, Length, Max, Min } from 'class-validator';
import { ConfigSlice, FromEnv, type RefusesInProduction } from '../config/config-slice.js';

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
  configuredConcurrency: number = Math.max(1, availableParallelism() - 1);

  /**
   * How many may wait. At some 35 ms a hash, 128 wait four to five seconds for a single core:
   * longer than that, a client does better to be told to come back.
   */
  @FromEnv('HASHING_QUEUE')
  @IsInt()
  @Min(0)
  @Max(10_000)
  queueLength: number = 128;

  /** What Node.js itself reads; 4 unless set. */
  @FromEnv('UV_THREADPOOL_SIZE')
  @IsInt()
  @Min(1)
  @Max(1024)
  threadPoolSize: number = 4;

  /** Hashes at once. One thread of Node's pool always stays free for files and name look-ups. */
  get concurrency(): number {
    return Math.max(1, Math.min(this.configuredConcurrency, this.threadPoolSize - 1));
  }

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
