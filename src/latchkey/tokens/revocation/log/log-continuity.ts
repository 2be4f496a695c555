import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { AppSecrets } from '../../../platform/config/app-secrets.js';
import { RedisConnections } from '../../../platform/redis/redis-connections.js';

/** In the slot of the other keys of revocation. */
const KEY = '{revocations}:latest';
/** What rounding may take away. */
const TOLERANCE_MILLISECONDS = 1_000;

/**
 * Whether the durable log goes on. It says how late it is every ten seconds while any process runs, and
 * that never decreases by itself: when it has, the database was restored, or failed over to a replica that
 * lagged, and what was committed since is lost; sessions that were ended live again.
 *
 * The latest time that was read is remembered in this process, and in Redis for processes that start
 * later. There it is signed: a writer to Redis cannot make a restore up.
 */
@Injectable()
export class LogContinuity {
  private readonly logger = new Logger('Revocation');
  private readonly keys: readonly Buffer[];
  private latestMilliseconds = 0;
  /** The reading that was judged last, against what Redis remembers as well. */
  private judgedMilliseconds = 0;

  /**
   * Makes good what a log that has gone back has lost. Called again at the next reading when it throws.
   *
   * @param beforeMilliseconds how late the log was before
   */
  onGoneBack?: (beforeMilliseconds: number) => Promise<void>;

  constructor(
    private readonly redis: RedisConnections,
    secrets: AppSecrets,
  ) {
    this.keys = secrets.keysFor('log-continuity');
  }

  /**
   * Takes what a reading of the log has said.
   *
   * @param latestMilliseconds how late it is, by the log
   * @throws what `onGoneBack` throws
   */
  async check(latestMilliseconds: number): Promise<void> {
    const remembered = await this.exchange(latestMilliseconds);
    const before = Math.max(this.latestMilliseconds, remembered ?? 0);
    if (latestMilliseconds < before - TOLERANCE_MILLISECONDS) {
      const seconds = Math.round((before - latestMilliseconds) / 1_000);
      this.logger.error(
        `The database has gone back by ${seconds} s: it was restored, or failed over to a replica that lagged.`,
      );
      await this.onGoneBack?.(before);
      this.latestMilliseconds = latestMilliseconds;
    } else {
      this.latestMilliseconds = Math.max(before, latestMilliseconds);
    }
    if (remembered !== null) this.judgedMilliseconds = latestMilliseconds;
  }

  /**
   * Reads what Redis remembers, and tells it what is later.
   *
   * @returns milliseconds, 0 when it remembers nothing of ours, or null when it was not asked or did not answer
   */
  private async exchange(latestMilliseconds: number): Promise<number | null> {
    if (!this.redis.enabled || latestMilliseconds === this.judgedMilliseconds) return null;
    const client = this.redis.command();
    if (client.status !== 'ready') return null;
    try {
      const remembered = this.read(await client.get(KEY));
      if (latestMilliseconds > remembered) await client.set(KEY, this.write(latestMilliseconds));
      return remembered;
    } catch {
      // The next reading tries again; that Redis does not answer is said elsewhere.
      return null;
    }
  }

  private write(milliseconds: number): string {
    return `${milliseconds} ${this.macs(milliseconds)[0]}`;
  }

  private read(text: string | null): number {
    const [number = '', mac = ''] = (text ?? '').split(' ');
    const milliseconds = Number(number);
    if (!Number.isFinite(milliseconds)) return 0;
    return this.macs(milliseconds).some((own) => isSame(own, mac)) ? milliseconds : 0;
  }

  private macs(milliseconds: number): string[] {
    return this.keys.map((key) =>
      createHmac('sha256', key).update(String(milliseconds)).digest('base64url'),
    );
  }
}

function isSame(own: string, other: string): boolean {
  return own.length === other.length && timingSafeEqual(Buffer.from(own), Buffer.from(other));
}
