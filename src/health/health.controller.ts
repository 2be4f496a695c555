import { Controller, Get, HttpException, Res } from '@nestjs/common';
import {
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import { HealthCheckService } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { Public } from '../access/public.js';
import { AnswersFromMemory } from '../http/answers-from-memory.js';
import { GracefulShutdown } from '../http/graceful-shutdown.js';
import { DatabaseHealth } from './database-health.js';
import { Liveness, Readiness } from './health-report.view.js';
import { RevocationHealth } from './revocation-health.js';

const LEAVING: Readiness = { status: 'shutting_down', info: {}, error: {}, details: {} };

@ApiTags('Health')
@Controller('health')
@Public()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly database: DatabaseHealth,
    private readonly revocation: RevocationHealth,
    private readonly shutdown: GracefulShutdown,
  ) {}

  @Get('live')
  @AnswersFromMemory()
  @ApiOperation({ summary: 'Whether the process answers; restart it if not' })
  @ApiOkResponse({ type: Liveness })
  live(): Liveness {
    return { status: 'ok' };
  }

  @Get('ready')
  @AnswersFromMemory()
  @ApiOperation({ summary: 'Whether it can serve; send it no requests if not' })
  @ApiOkResponse({ type: Readiness, description: 'Every part is up' })
  @ApiServiceUnavailableResponse({ type: Readiness, description: '`error` names what is down' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    if (this.shutdown.begun) {
      reply.status(503);
      return LEAVING;
    }
    try {
      return await this.health.check([() => this.database.check(), () => this.revocation.check()]);
    } catch (error) {
      if (!(error instanceof HttpException)) throw error;
      reply.status(error.getStatus());
      return error.getResponse();
    }
  }
}
