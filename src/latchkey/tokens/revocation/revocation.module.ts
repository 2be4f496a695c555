import { Global, Module } from '@nestjs/common';
import { RevocationList } from '../../access/revocation-list.js';
import { SideConnection } from '../../platform/database/side-connection.js';
import { RedisModule } from '../../platform/redis/redis.module.js';
import { LiveRevocations } from './live-revocations.js';
import { RevocationFeed } from './revocation-feed.js';
import { RevocationFeedState } from './revocation-feed-state.js';
import { RevocationListeners } from './revocation-listeners.js';
import { RevocationLog } from './revocation-log.js';
import { RevocationMetrics } from './revocation-metrics.js';
import { RevocationPoller } from './revocation-poller.js';
import { RevocationPublisher } from './revocation-publisher.js';
import { RevocationStaleness } from './revocation-staleness.js';
import { RevocationStreamKeeper } from './revocation-stream-keeper.js';
import { RevocationSync } from './revocation-sync.js';
import { Revocations } from './revocations.js';
import { UnpublishedRevocations } from './unpublished-revocations.js';

/** Revocations flow one way: log and feed → list → verdict. */
@Global()
@Module({
  imports: [RedisModule],
  providers: [
    SideConnection,
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
    Revocations,
    RevocationFeedState,
    RevocationList,
    RevocationListeners,
    RevocationLog,
    RevocationMetrics,
  ],
})
export class RevocationModule {}
