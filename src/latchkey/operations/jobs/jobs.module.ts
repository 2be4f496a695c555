import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { FactorsModule } from '../../users/factors/factors.module.js';
import { IdentitiesModule } from '../../users/identities/identities.module.js';
import { JobRecord } from './job-record.js';
import { JobSchedule } from './job-schedule.js';
import { RenewEncryption } from './renew-encryption.js';

/** Does what is due every so often, on one instance at a time. */
@Module({
  imports: [DiscoveryModule, FactorsModule, IdentitiesModule],
  providers: [JobRecord, JobSchedule, RenewEncryption],
  exports: [JobRecord],
})
export class JobsModule {}
