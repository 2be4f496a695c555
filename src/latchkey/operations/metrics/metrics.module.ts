import { Module } from '@nestjs/common';
import { AuditEventCounter } from './audit-event-counter.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsRegistry } from './metrics-registry.js';
import { OutboxGauges } from './outbox-gauges.js';
import { RequestMetrics } from './request-metrics.js';
import { RevocationGauges } from './revocation-gauges.js';

@Module({
  controllers: [MetricsController],
  providers: [MetricsRegistry, RequestMetrics, AuditEventCounter, OutboxGauges, RevocationGauges],
})
export class MetricsModule {}
