import { Controller, Get, Req, Res } from '@nestjs/common';
import {
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../access/access.decorators.js';
import { bearerTokenOf } from '../../access/verification/bearer-token.js';
import { requestErrors } from '../../platform/errors/request.errors.js';
import { Disclosure } from '../../platform/http/disclosure/disclosure.js';
import { AnswersFromMemory, Throws } from '../../platform/http/route.decorators.js';
import { GracefulShutdown } from '../../platform/http/server/graceful-shutdown.js';
import { Liveness, type Parts, Readiness } from './health.dto.js';
import { DatabaseHealth, RevocationHealth } from './health-indicators.js';

const LEAVING: Readiness = { status: 'shutting_down', info: {}, error: {}, details: {} };

@ApiTags('Operations')
@Controller('health')
@Public()
export class HealthController {
  constructor(
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
      '200 as long as guarded requests are served: also while Postgres is away (`degraded`), without which nobody signs in or refreshes anywhere. Says so, and names the parts that are down, with `HEALTH_DETAILS=on`, the default outside production, or to callers that send `MONITORING_TOKEN` as a bearer token.',
  })
  @ApiOkResponse({ type: Readiness, description: 'Guarded requests are served' })
  @ApiServiceUnavailableResponse({
    type: Readiness,
    description: 'They are not, or the process is about to end',
  })
  @Throws(requestErrors.malformed)
  async ready(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readiness> {
    const report = await this.report(reply);
    if (this.disclosure.opensHealthTo(bearerTokenOf(request))) return report;
    // That something is down inside concerns no stranger who is served all the same.
    return { status: report.status === 'degraded' ? 'ok' : report.status };
  }

  private async report(reply: FastifyReply): Promise<Readiness> {
    if (this.shutdown.begun) {
      reply.status(503);
      return LEAVING;
    }
    const [database, revocation] = await Promise.all([
      this.database.check(),
      this.revocation.check(),
    ]);
    const details: Parts = { ...database, ...revocation };
    const parts = Object.entries(details);
    const error = Object.fromEntries(parts.filter(([, { status }]) => status === 'down'));
    const info = Object.fromEntries(parts.filter(([, { status }]) => status === 'up'));
    if ('revocation' in error) reply.status(503);
    return { status: statusOf(error), info, error, details };
  }
}

/** Guarded requests are judged from memory, and need no part but the news of revocations. */
function statusOf(error: Parts): Readiness['status'] {
  if ('revocation' in error) return 'error';
  return 'database' in error ? 'degraded' : 'ok';
}
