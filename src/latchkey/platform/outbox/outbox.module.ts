import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Outbox } from './outbox.js';
import { OutboxConnection } from './outbox-connection.js';
import { OutboxStore } from './outbox-store.js';
import { OutboxWorker } from './outbox-worker.js';

/** What must be told once a change is committed, and the workers that tell it. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [Outbox, OutboxConnection, OutboxStore, OutboxWorker],
  exports: [Outbox, OutboxStore],
})
export class OutboxModule {}
