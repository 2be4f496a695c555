import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { LiveRevocations } from './live-revocations.js';
import { LogPosition } from './log-position.js';
import { OutageLog } from './outage-log.js';
import { RevocationConfig } from './revocation.config.js';
import { RevocationLog } from './revocation-log.js';
import { RevocationStaleness } from './revocation-staleness.js';

const PAGE_SIZE = 5_000;

/** Reads the durable log again and again: whatever Redis lost or never got arrives by this. */
@Injectable()
export class RevocationPoller {
  private readonly logger = new Logger('Revocation');
  private readonly outage = new OutageLog(this.logger, 'Reading the revocation log');
  private readonly position = new LogPosition();
  private timer?: NodeJS.Timeout;
  private stopped = false;

  constructor(
    private readonly log: RevocationLog,
    private readonly live: LiveRevocations,
    private readonly staleness: RevocationStaleness,
    private readonly clock: Clock,
    private readonly config: RevocationConfig,
  ) {}

  /**
   * Applies what the log has gained since the last time; the first time, all of it.
   *
   * @throws whatever the database throws; then nothing of it counts as read
   */
  async readNew(): Promise<void> {
    const askedAt = this.clock.monotonic();
    const late = await this.log.readGaps(this.position.gaps);
    this.live.apply(late.entries);
    this.position.settle(late.ids, askedAt);
    for (;;) {
      const page = await this.log.readAfter(this.position.highestId, PAGE_SIZE);
      this.live.apply(page.entries);
      this.position.advance(page.ids, askedAt);
      if (page.ids.length < PAGE_SIZE) break;
    }
    this.staleness.heard(askedAt);
  }

  /** Polls from now on, every `REVOCATION_POLL_SECONDS`. */
  start(): void {
    const { pollSeconds, maxStalenessSeconds } = this.config;
    if (pollSeconds >= maxStalenessSeconds) {
      this.logger.warn(
        'REVOCATION_POLL_SECONDS is not below REVOCATION_MAX_STALENESS_SECONDS: without Redis the list goes out of date between two polls.',
      );
    }
    this.schedule();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.poll(), this.config.pollSeconds * 1_000).unref();
  }

  private async poll(): Promise<void> {
    try {
      await this.readNew();
      this.outage.succeeded();
    } catch (error) {
      if (!this.stopped) this.outage.failed(error);
    }
    this.live.forgetExpired();
    this.staleness.isOverdue();
    this.schedule();
  }
}
