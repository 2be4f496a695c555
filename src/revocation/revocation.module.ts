import { Global, Module } from '@nestjs/common';
import { RevocationList } from '../access/revocation-list.js';
import { RedisModule } from '../redis/redis.module.js';
import { LiveRevocations } from './live-revocations.js';
import { RevocationFeed } from './revocation-feed.js';
import { RevocationFeedState } from './revocation-feed-state.js';
import { RevocationLog } from './revocation-log.js';
import { RevocationPoller } from './revocation-poller.js';
import { RevocationPublisher } from './revocation-publisher.js';
import { RevocationStaleness } from './revocation-staleness.js';
import { RevocationSync } from './revocation-sync.js';
import { Revocations } from './revocations.js';

/** Revocations flow one way: log and feed → list → verdict. */
@Global()
@Module({
  imports: [RedisModule],
  providers: [
    RevocationLog,
    RevocationPublisher,
    RevocationFeed,
    RevocationPoller,
    RevocationSync,
    RevocationStaleness,
    RevocationFeedState,
    LiveRevocations,
    Revocations,
    { provide: RevocationList, useExisting: LiveRevocations },
  ],
  exports: [Revocations, RevocationFeedState, RevocationList, RevocationLog],
})
export class RevocationModule {}
