import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ADVISORY_LOCKS, takeLock, tryLock } from '../../platform/database/advisory-locks.js';
import { ScheduledJob } from '../jobs/scheduled-job.js';
import { RetentionConfig } from './retention.config.js';
import { type Batch, RetentionBatches } from './retention-batches.js';

/** Between batches, so that the database mostly does something else. */
const PAUSE_MILLISECONDS = 20;

interface RoundOptions {
  /** Waits for the lock instead of skipping what another instance is at. */
  readonly wait?: boolean;
  /** Ends the round after the batch that is under way. */
  readonly signal?: AbortSignal;
}

/** Removes what is old enough, beside the requests: a batch is one short transaction. */
@Injectable()
export class RetentionSchedule extends ScheduledJob {
  readonly name = 'retention';
  readonly intervalSeconds: number;

  constructor(
    private readonly dataSource: DataSource,
    private readonly batches: RetentionBatches,
    config: RetentionConfig,
  ) {
    super();
    this.intervalSeconds = config.intervalSeconds;
  }

  run(signal: AbortSignal): Promise<void> {
    return this.runOnce({ signal });
  }

  /**
   * One round, until nothing is left to do or another instance turns out to be at it.
   *
   * @throws the first that went wrong; what could be done besides has been done
   */
  async runOnce(options: RoundOptions = {}): Promise<void> {
    const failures: unknown[] = [];
    for (const batch of this.batches.ofOneRound()) {
      try {
        while (await this.runAlone(batch, options)) await pause(PAUSE_MILLISECONDS);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  /** Whether to go on: false also when another instance holds the lock, or this one is stopping. */
  private async runAlone(batch: Batch, { wait = false, signal }: RoundOptions): Promise<boolean> {
    if (signal?.aborted) return false;
    return this.dataSource.transaction(async (manager) => {
      const alone = await this.lock(manager, wait);
      return alone && (await batch(manager)) && signal?.aborted !== true;
    });
  }

  private async lock(manager: EntityManager, wait: boolean): Promise<boolean> {
    if (!wait) return tryLock(manager, ADVISORY_LOCKS.retention);
    await takeLock(manager, ADVISORY_LOCKS.retention);
    return true;
  }
}
