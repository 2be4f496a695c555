import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { OAuthModule } from '../../oauth/oauth.module.js';
import { IdentitiesModule } from '../../users/identities/identities.module.js';
import { RetentionBatches } from './retention-batches.js';
import { RetentionSchedule } from './retention-schedule.js';

/** Removes what has been kept long enough. Each module says how; this one says when. */
@Module({
  imports: [DiscoveryModule, IdentitiesModule, OAuthModule],
  providers: [RetentionBatches, RetentionSchedule],
  exports: [RetentionBatches],
})
export class RetentionModule {}
