import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { JobRecord } from './job-record.js';
import { JobSchedule } from './job-schedule.js';

/** Does what is due every so often, on one instance at a time. */
@Module({ imports: [DiscoveryModule], providers: [JobRecord, JobSchedule], exports: [JobRecord] })
export class JobsModule {}
