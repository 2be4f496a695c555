import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../access/access.decorators.js';
import { accessErrors } from '../../access/access.errors.js';
import { bearerTokenOf } from '../../access/verification/bearer-token.js';
import { requestErrors } from '../../platform/errors/request.errors.js';
import { Disclosure } from '../../platform/http/disclosure/disclosure.js';
import { AnswersFromMemory, Throws } from '../../platform/http/route.decorators.js';
import { MetricsRegistry } from './metrics-registry.js';

/** Collecting them takes milliseconds, and no monitoring needs them more often. */
const MIN_AGE_MILLISECONDS = 1_000;

/** They hold counts and times, and no names of users. */
@ApiTags('Operations')
@Controller('metrics')
export class MetricsController {
  private text?: Promise<string>;
  private collectedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly registry: MetricsRegistry,
    private readonly disclosure: Disclosure,
  ) {}

  @Get()
  @Public()
  @AnswersFromMemory()
  @ApiOperation({
    summary: 'Metrics in the text format of Prometheus',
    description:
      'With `METRICS=off`, the default in production, only for callers that send `MONITORING_TOKEN` as a bearer token; where that is not set there is no such route. Collected once a second at most.',
  })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  @Throws(accessErrors.unauthenticated, requestErrors.malformed)
  metrics(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    if (!this.disclosure.hasMetrics) throw requestErrors.notFound();
    if (!this.disclosure.opensMetricsTo(bearerTokenOf(request)))
      throw accessErrors.unauthenticated();
    reply.header('Content-Type', this.registry.contentType);
    return this.collected();
  }

  private collected(): Promise<string> {
    const now = performance.now();
    if (this.text !== undefined && now - this.collectedAt < MIN_AGE_MILLISECONDS) return this.text;
    this.collectedAt = now;
    this.text = this.registry.metrics();
    return this.text;
  }
}
