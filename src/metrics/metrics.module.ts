import { Module } from '@nestjs/common';
import { MetricsController } from './metrics.controller.js';
import { MetricsRegistry } from './metrics-registry.js';
import { RequestMetrics } from './request-metrics.js';
import { SecurityMetrics } from './security-metrics.js';

@Module({
  controllers: [MetricsController],
  providers: [MetricsRegistry, RequestMetrics, SecurityMetrics],
})
export class MetricsModule {}
