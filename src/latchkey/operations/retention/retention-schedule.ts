import { setTimeout as pause } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RetentionConfig } from './retention.config.js';
import { type Batch, RetentionBatches } from './retention-batches.js';

/** Any number that nothing else locks: one instance at a time does this work. */
export const RETENTION_LOCK = 7_236_002;
const TRY_LOCK = 'SELECT pg_try_advisory_xact_lock($1) AS granted';
const WAIT_FOR_LOCK = 'SELECT true AS granted FROM pg_advisory_xact_lock($1)';
/** Between batches, so that the database mostly does something else. */
const PAUSE_MILLISECONDS = 20;

/** Removes what is old enough, beside the requests: a batch is one short transaction. */
@Injectable()
export class RetentionSchedule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Retention');
  private timer?: NodeJS.Timeout;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly batches: RetentionBatches,
    private readonly config: RetentionConfig,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  /** Waits for the batch that is under way, and no longer. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /**
   * One round, until nothing is left to do or another instance turns out to be at it.
   *
   * @param options.wait waits for the lock instead of skipping what another instance is at
   * @throws the first that went wrong; what could be done besides has been done
   */
  async runOnce({ wait = false } = {}): Promise<void> {
    const lock = wait ? WAIT_FOR_LOCK : TRY_LOCK;
    const failures: unknown[] = [];
    for (const batch of this.batches.ofOneRound()) {
      try {
        while (await this.runAlone(batch, lock)) await pause(PAUSE_MILLISECONDS);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  /** Whether to go on: false also when another instance holds the lock, or this one is stopping. */
  private async runAlone(batch: Batch, lockSql: string): Promise<boolean> {
    if (this.stopped) return false;
    return this.dataSource.transaction(async (manager) => {
      const [lock] = await manager.query<{ granted: boolean }[]>(lockSql, [RETENTION_LOCK]);
      return lock?.granted === true && (await batch(manager)) && !this.stopped;
    });
  }

  private schedule(): void {
    if (this.stopped) return;
    const milliseconds = this.config.intervalSeconds * 1_000;
    this.timer = setTimeout(() => {
      this.running = this.run();
    }, milliseconds).unref();
  }

  private async run(): Promise<void> {
    await this.runOnce().catch((error: unknown) => {
      if (!this.stopped) this.logger.warn(`Removing old records failed: ${String(error)}`);
    });
    this.schedule();
  }
}
