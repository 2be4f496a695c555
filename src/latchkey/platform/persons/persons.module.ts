import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ExportedUser } from './exported-user.js';
import { UserErasures } from './user-erasures.js';

/** What is to be handed over and erased of a person, wherever it is. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [ExportedUser, UserErasures],
  exports: [ExportedUser, UserErasures],
})
export class PersonsModule {}
