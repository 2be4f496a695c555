import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { JobSchedule } from './job-schedule.js';

/** Does what is due every so often, on one instance at a time. */
@Module({ imports: [DiscoveryModule], providers: [JobSchedule] })
export class JobsModule {}
