import { Module } from '@nestjs/common';
import { OutboxAdminController } from './outbox-admin.controller.js';
import { RetryMessage } from './retry-message.js';

@Module({ controllers: [OutboxAdminController], providers: [RetryMessage] })
export class OutboxAdminModule {}
