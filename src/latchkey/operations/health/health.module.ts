import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { SideConnection } from '../../platform/database/connection/side-connection.js';
import { GracefulShutdown } from '../../platform/http/server/graceful-shutdown.js';
import { HealthController } from './health.controller.js';
import { DatabaseHealth, RevocationHealth } from './health-indicators.js';

@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  // The connection is this module's own.
  providers: [DatabaseHealth, GracefulShutdown, RevocationHealth, SideConnection],
})
export class HealthModule {}
