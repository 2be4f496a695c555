import { Module } from '@nestjs/common';
import { RetentionBatches } from './retention-batches.js';
import { RetentionSchedule } from './retention-schedule.js';

/** Removes what has been kept long enough. Each module says how; this one says when. */
@Module({ providers: [RetentionBatches, RetentionSchedule] })
export class RetentionModule {}
