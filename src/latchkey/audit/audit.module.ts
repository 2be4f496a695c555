import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AuditEventsAdminController } from './audit-events-admin.controller.js';
import { AuditExport } from './audit-export.js';
import { AuditHistory } from './audit-history.js';
import { AuditRetention } from './audit-retention.js';
import { AuditTrail } from './audit-trail.js';
import { DurableEvents } from './durable-events.js';
import { EventAnnouncer } from './event-announcer.js';
import { RefusedRequests } from './refused-requests.js';
import { RepeatedEvents } from './repeated-events.js';

@Global()
@Module({
  imports: [DiscoveryModule],
  controllers: [AuditEventsAdminController],
  providers: [
    AuditTrail,
    AuditHistory,
    AuditExport,
    AuditRetention,
    DurableEvents,
    EventAnnouncer,
    RefusedRequests,
    RepeatedEvents,
  ],
  exports: [AuditRetention, AuditTrail, RefusedRequests, RepeatedEvents],
})
export class AuditModule {}
