import { Global, Module } from '@nestjs/common';
import { AuthModule } from '../../auth/auth.module.js';
import { PasswordsModule } from '../../users/passwords/passwords.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { RetentionModule } from '../retention/retention.module.js';
import { AuditEventCounter } from './audit-event-counter.js';
import { HashingMetrics } from './hashing-metrics.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsRegistry } from './metrics-registry.js';
import { OutboxFigures } from './outbox-figures.js';
import { ProcessFigures } from './process-figures.js';
import { RequestMetrics } from './request-metrics.js';
import { RevocationFigures } from './revocation-figures.js';

/** Global: features enter metrics of their own into the registry. */
@Global()
@Module({
  imports: [AuthModule, JobsModule, PasswordsModule, RetentionModule],
  controllers: [MetricsController],
  providers: [
    AuditEventCounter,
    HashingMetrics,
    MetricsRegistry,
    OutboxFigures,
    ProcessFigures,
    RequestMetrics,
    RevocationFigures,
  ],
  exports: [MetricsRegistry],
})
export class MetricsModule {}
