import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { RevocationList } from '../../access/revocation-list.js';
import { SideConnection } from '../../platform/database/connection/side-connection.js';
import { RedisModule } from '../../platform/redis/redis.module.js';
import { LiveRevocations } from './live/live-revocations.js';
import { RevocationListeners } from './live/revocation-listeners.js';
import { RevocationStaleness } from './live/revocation-staleness.js';
import { LogContinuity } from './log/log-continuity.js';
import { RevocationLog } from './log/revocation-log.js';
import { RevocationPoller } from './log/revocation-poller.js';
import { RevocationFeedState } from './revocation-feed-state.js';
import { RevocationMetrics } from './revocation-metrics.js';
import { RevocationSync } from './revocation-sync.js';
import { Revocations } from './revocations.js';
import { RevocationFeed } from './stream/revocation-feed.js';
import { RevocationPublisher } from './stream/revocation-publisher.js';
import { RevocationStreamKeeper } from './stream/revocation-stream-keeper.js';
import { UnpublishedRevocations } from './stream/unpublished-revocations.js';

/** Revocations flow one way: log and feed → list → verdict. */
@Global()
@Module({
  imports: [DiscoveryModule, RedisModule],
  providers: [
    SideConnection,
    LogContinuity,
    RevocationLog,
    RevocationPublisher,
    UnpublishedRevocations,
    RevocationFeed,
    RevocationPoller,
    RevocationStreamKeeper,
    RevocationSync,
    RevocationStaleness,
    RevocationFeedState,
    RevocationMetrics,
    LiveRevocations,
    RevocationListeners,
    Revocations,
    { provide: RevocationList, useExisting: LiveRevocations },
  ],
  exports: [
    LiveRevocations,
    LogContinuity,
    Revocations,
    RevocationFeedState,
    RevocationList,
    RevocationListeners,
    RevocationLog,
    RevocationMetrics,
  ],
})
export class RevocationModule {}
