import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { RetentionBatches } from './retention-batches.js';
import { RetentionSchedule } from './retention-schedule.js';

/** Removes what has been kept long enough. Each module says how; this one says when. */
@Module({
  imports: [DiscoveryModule],
  providers: [RetentionBatches, RetentionSchedule],
  exports: [RetentionBatches],
})
export class RetentionModule {}
