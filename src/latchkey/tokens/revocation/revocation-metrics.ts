import { Injectable } from '@nestjs/common';
import { LiveRevocations } from './live/live-revocations.js';
import { RevocationStaleness } from './live/revocation-staleness.js';
import { RevocationPoller } from './log/revocation-poller.js';
import { RevocationFeedState } from './revocation-feed-state.js';
import { RevocationPublisher } from './stream/revocation-publisher.js';
import { RevocationStreamKeeper } from './stream/revocation-stream-keeper.js';
import { UnpublishedRevocations } from './stream/unpublished-revocations.js';

/** Numbers for a metrics endpoint; counters count from the start of the process. */
export interface RevocationFigures {
  readonly liveRevocations: number;
  /** How old the list is, in seconds; Infinity before anything has been heard. */
  readonly stalenessSeconds: number;
  /** 1 while the list is older than `REVOCATION_MAX_STALENESS_SECONDS`. */
  readonly overdue: 0 | 1;
  readonly outages: number;
  /** 0 also where there is no Redis. */
  readonly redisUp: 0 | 1;
  readonly logUp: 0 | 1;
  readonly pollFailures: number;
  readonly publishFailures: number;
  /** Revocations that Redis has yet to be told of. */
  readonly unpublished: number;
  /** How often this process published the whole log again. */
  readonly fullPublications: number;
  /** By how much the database's clock has been set back, until it has made up for it. */
  readonly databaseClockBehindSeconds: number;
}

/** How revocations fare in this process, as numbers. Asking costs next to nothing. */
@Injectable()
export class RevocationMetrics {
  constructor(
    private readonly live: LiveRevocations,
    private readonly state: RevocationFeedState,
    private readonly staleness: RevocationStaleness,
    private readonly poller: RevocationPoller,
    private readonly publisher: RevocationPublisher,
    private readonly unpublished: UnpublishedRevocations,
    private readonly keeper: RevocationStreamKeeper,
  ) {}

  figures(): RevocationFigures {
    return {
      liveRevocations: this.live.size,
      stalenessSeconds: this.staleness.secondsSinceHeard,
      overdue: this.state.overdue ? 1 : 0,
      outages: this.staleness.outages,
      redisUp: this.state.redis === 'up' ? 1 : 0,
      logUp: this.state.log === 'up' ? 1 : 0,
      pollFailures: this.poller.failures,
      publishFailures: this.publisher.failures,
      unpublished: this.unpublished.size,
      fullPublications: this.keeper.fullPublications,
      databaseClockBehindSeconds: this.state.databaseClockBehindSeconds,
    };
  }
}
