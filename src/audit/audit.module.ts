import { Global, Module } from '@nestjs/common';
import { AuditEventsAdminController } from './audit-events-admin.controller.js';
import { AuditHistory } from './audit-history.js';
import { AuditTrail } from './audit-trail.js';
import { EventAnnouncer } from './event-announcer.js';

@Global()
@Module({
  controllers: [AuditEventsAdminController],
  providers: [AuditTrail, AuditHistory, EventAnnouncer],
  exports: [AuditTrail],
})
export class AuditModule {}
