import { Injectable } from '@nestjs/common';
import { RevocationFeed } from './revocation-feed.js';
import { RevocationStaleness } from './revocation-staleness.js';

/** How well this process learns of revocations: for health checks and metrics. */
@Injectable()
export class RevocationFeedState {
  constructor(
    private readonly feed: RevocationFeed,
    private readonly staleness: RevocationStaleness,
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

  get redis(): 'up' | 'down' | 'off' {
    return this.feed.state;
  }
}
