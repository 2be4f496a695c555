import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { DeliverMessage } from './deliver-message.js';
import { Outbox } from './outbox.js';
import { OutboxConnection } from './outbox-connection.js';
import { OutboxQueue } from './outbox-queue.js';
import { OutboxStore } from './outbox-store.js';
import { OutboxWorker } from './outbox-worker.js';

/** What must be told once a change is committed, and the workers that tell it. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [Outbox, OutboxConnection, OutboxQueue, OutboxStore, DeliverMessage, OutboxWorker],
  exports: [Outbox, OutboxQueue, OutboxStore],
})
export class OutboxModule {}
