import { Injectable } from '@nestjs/common';
import { RevocationStaleness } from './live/revocation-staleness.js';
import { RevocationPoller } from './log/revocation-poller.js';
import { RevocationConfig } from './revocation.config.js';
import { RevocationFeed } from './stream/revocation-feed.js';

/** How well this process learns of revocations: for health checks and metrics. */
@Injectable()
export class RevocationFeedState {
  constructor(
    private readonly feed: RevocationFeed,
    private readonly poller: RevocationPoller,
    private readonly staleness: RevocationStaleness,
    private readonly config: RevocationConfig,
  ) {}

  /** How old the list is; null before anything has been heard. */
  get lastHeardSeconds(): number | null {
    const seconds = this.staleness.secondsSinceHeard;
    return Number.isFinite(seconds) ? seconds : null;
  }

  /** Whether the list is too old to go by. */
  get overdue(): boolean {
    return this.staleness.isOverdue();
  }

  /** What guarded routes do when it is: `closed` refuses, `open` goes by what is known. */
  get onOutage(): string {
    return this.config.onOutage;
  }

  /** Whether guarded routes are being refused. */
  get refusing(): boolean {
    return this.staleness.refuses();
  }

  get redis(): 'up' | 'down' | 'off' {
    return this.feed.state;
  }

  /** By how much the database's clock has been set back, until it has made up for it. */
  get databaseClockBehindSeconds(): number {
    return this.poller.databaseBehindSeconds;
  }

  /** Whether the durable log could be read the last time. */
  get log(): 'up' | 'down' {
    return this.poller.state;
  }
}
