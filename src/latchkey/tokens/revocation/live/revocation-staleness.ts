import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../platform/clock/clock.js';
import { RevocationConfig } from '../revocation.config.js';

/**
 * How current the list of revocations is: the moment up to which Redis or Postgres has told
 * everything, by the monotonic clock. A process that was suspended therefore knows on waking
 * that it has missed something.
 */
@Injectable()
export class RevocationStaleness {
  private readonly logger = new Logger('Revocation');
  private currentAsOf = Number.NEGATIVE_INFINITY;
  private overdue = false;
  private outageCount = 0;

  constructor(
    private readonly clock: Clock,
    private readonly config: RevocationConfig,
  ) {}

  /**
   * A source has answered, and what it said has been applied.
   *
   * @param askedAt when it was asked, by the monotonic clock: the answer covers what was before
   */
  heard(askedAt: number): void {
    this.currentAsOf = Math.max(this.currentAsOf, askedAt);
    this.isOverdue();
  }

  /** What has been heard so far was of another source. The log says so once it keeps somebody out. */
  forget(): void {
    this.currentAsOf = Number.NEGATIVE_INFINITY;
  }

  /** Infinite until a source has answered for the first time. */
  get secondsSinceHeard(): number {
    return (this.clock.monotonic() - this.currentAsOf) / 1_000;
  }

  /** How many outages there have been. */
  get outages(): number {
    return this.outageCount;
  }

  /** Whether the list is older than `REVOCATION_MAX_STALENESS_SECONDS`. Logs when that changes. */
  isOverdue(monotonic = this.clock.monotonic()): boolean {
    const overdue = monotonic - this.currentAsOf > this.config.maxStalenessSeconds * 1_000;
    if (overdue !== this.overdue) this.change(overdue);
    return overdue;
  }

  /** Whether tokens against which nothing is known must be refused. */
  refuses(monotonic = this.clock.monotonic()): boolean {
    return this.isOverdue(monotonic) && this.config.onOutage === 'closed';
  }

  private change(overdue: boolean): void {
    this.overdue = overdue;
    if (!overdue) {
      this.logger.log('The revocation list is up to date again.');
      return;
    }
    this.outageCount++;
    const { maxStalenessSeconds, onOutage } = this.config;
    const consequence =
      onOutage === 'closed'
        ? 'Protected routes answer 503 until one does.'
        : 'Protected routes go on accepting tokens that may have been revoked.';
    this.logger.error(
      `No source has told of revocations for ${maxStalenessSeconds} s. ${consequence}`,
    );
  }
}
