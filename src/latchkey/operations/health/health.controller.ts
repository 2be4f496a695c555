import { Controller, Get, HttpException, Req, Res } from '@nestjs/common';
import {
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import { HealthCheckService } from '@nestjs/terminus';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../access/access.decorators.js';
import { bearerTokenOf } from '../../access/verification/bearer-token.js';
import { requestErrors } from '../../platform/errors/request.errors.js';
import { Disclosure } from '../../platform/http/disclosure/disclosure.js';
import { AnswersFromMemory, Throws } from '../../platform/http/route.decorators.js';
import { GracefulShutdown } from '../../platform/http/server/graceful-shutdown.js';
import { Liveness, Readiness } from './health.dto.js';
import { DatabaseHealth, RevocationHealth } from './health-indicators.js';

const LEAVING: Readiness = { status: 'shutting_down', info: {}, error: {}, details: {} };

@ApiTags('Operations')
@Controller('health')
@Public()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly database: DatabaseHealth,
    private readonly revocation: RevocationHealth,
    private readonly shutdown: GracefulShutdown,
    private readonly disclosure: Disclosure,
  ) {}

  @Get('live')
  @AnswersFromMemory()
  @ApiOperation({ summary: 'Liveness: restart the process if it does not answer' })
  @ApiOkResponse({ type: Liveness })
  live(): Liveness {
    return { status: 'ok' };
  }

  @Get('ready')
  @AnswersFromMemory()
  @ApiOperation({
    summary: 'Readiness: send the process no requests while this is 503',
    description:
      'Names the parts that are down with `HEALTH_DETAILS=on`, the default outside production, or to callers that send `MONITORING_TOKEN` as a bearer token.',
  })
  @ApiOkResponse({ type: Readiness, description: 'Every part is up' })
  @ApiServiceUnavailableResponse({ type: Readiness, description: 'Some part is down' })
  @Throws(requestErrors.malformed)
  async ready(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readiness> {
    const report = await this.report(reply);
    const isForStrangers = !this.disclosure.opensHealthTo(bearerTokenOf(request));
    return isForStrangers ? { status: report.status } : report;
  }

  private async report(reply: FastifyReply): Promise<Readiness> {
    if (this.shutdown.begun) {
      reply.status(503);
      return LEAVING;
    }
    try {
      const checks = [() => this.database.check(), () => this.revocation.check()];
      return (await this.health.check(checks)) as Readiness;
    } catch (error) {
      if (!(error instanceof HttpException)) throw error;
      reply.status(error.getStatus());
      return error.getResponse() as Readiness;
    }
  }
}
