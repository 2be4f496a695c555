import { Global, Module } from '@nestjs/common';
import { AuditEventsAdminController } from './audit-events-admin.controller.js';
import { AuditHistory } from './audit-history.js';
import { AuditTrail } from './audit-trail.js';

@Global()
@Module({
  controllers: [AuditEventsAdminController],
  providers: [AuditTrail, AuditHistory],
  exports: [AuditTrail],
})
export class AuditModule {}
