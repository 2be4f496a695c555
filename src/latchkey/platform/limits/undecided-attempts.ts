import { randomUUID } from 'node:crypto';
import type { RedisLeases } from './redis-leases.js';

/** An attempt that is being made and has not been judged yet. */
export interface UndecidedAttempt {
  /** How many are undecided at its key, this one included. */
  readonly total: number;
  /** It has been judged, or will not be. Never fails. */
  release(): Promise<void>;
}

/**
 * How many attempts are being made at each key: of all instances together where Redis says so, and of
 * this process otherwise.
 */
export class UndecidedAttempts {
  private readonly ofThisProcess = new Map<string, number>();

  /** @param leases none: there is no Redis */
  constructor(
    private readonly prefix: string,
    private readonly leases?: RedisLeases,
  ) {}

  async take(key: string): Promise<UndecidedAttempt> {
    const lease = { key: `${this.prefix}:${key}`, holder: randomUUID() };
    const ofThisProcess = this.change(key, 1);
    const known = (await this.leases?.take(lease)) ?? 0;
    return {
      // Some of this process's may have been taken while Redis was silent.
      total: Math.max(known, ofThisProcess),
      release: async () => {
        this.change(key, -1);
        await this.leases?.release(lease);
      },
    };
  }

  private change(key: string, by: 1 | -1): number {
    const total = (this.ofThisProcess.get(key) ?? 0) + by;
    if (total === 0) this.ofThisProcess.delete(key);
    else this.ofThisProcess.set(key, total);
    return total;
  }
}
