import { setTimeout as pause } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ADVISORY_LOCKS, takeLock, tryLock } from '../../platform/database/advisory-locks.js';
import { RetentionConfig } from './retention.config.js';
import { type Batch, RetentionBatches } from './retention-batches.js';

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
    const failures: unknown[] = [];
    for (const batch of this.batches.ofOneRound()) {
      try {
        while (await this.runAlone(batch, wait)) await pause(PAUSE_MILLISECONDS);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  /** Whether to go on: false also when another instance holds the lock, or this one is stopping. */
  private async runAlone(batch: Batch, wait: boolean): Promise<boolean> {
    if (this.stopped) return false;
    return this.dataSource.transaction(async (manager) => {
      const alone = await this.lock(manager, wait);
      return alone && (await batch(manager)) && !this.stopped;
    });
  }

  private async lock(manager: EntityManager, wait: boolean): Promise<boolean> {
    if (!wait) return tryLock(manager, ADVISORY_LOCKS.retention);
    await takeLock(manager, ADVISORY_LOCKS.retention);
    return true;
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
