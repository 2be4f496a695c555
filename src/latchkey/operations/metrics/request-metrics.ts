import { Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Counter, Histogram } from 'prom-client';
import { declaredErrors } from '../../platform/errors/define-errors.js';
import type {} from '../../platform/http/server/log-requests.js';
import { Counters } from '../../platform/limits/counters.js';
import { throttleErrors } from '../../platform/limits/limits.errors.js';
import { MetricsRegistry } from './metrics-registry.js';

const BUCKETS_SECONDS = [0.001, 0.005, 0.02, 0.1, 0.5, 2.5];
/** The one of `RateLimit-Policy` that has refused, as `reportLimit` writes it. */
const REFUSING_POLICY = /^"([^"]+)"/;

/** How requests fare, by route as declared: never by the path that a client chose. */
@Injectable()
export class RequestMetrics implements OnModuleInit, OnApplicationBootstrap {
  private readonly errors: Counter;
  private readonly throttled: Counter;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly registry: MetricsRegistry,
    private readonly counters: Counters,
  ) {
    const registers = [registry];
    this.errors = new Counter({
      name: 'latchkey_request_errors_total',
      help: 'Requests that were answered with an error, by its code',
      labelNames: ['code'],
      registers,
    });
    this.throttled = new Counter({
      name: 'latchkey_throttled_requests_total',
      help: 'Requests that were refused by a limit, by its name in RateLimit-Policy',
      labelNames: ['policy'],
      registers,
    });
  }

  onModuleInit(): void {
    const server: FastifyInstance | undefined = this.host.httpAdapter?.getInstance();
    if (server === undefined) return;
    const duration = new Histogram({
      name: 'latchkey_request_duration_seconds',
      help: 'Time to answer a request',
      labelNames: ['method', 'route', 'status'],
      buckets: BUCKETS_SECONDS,
      registers: [this.registry],
    });
    server.addHook('onResponse', (request, reply, done) => {
      const route = request.routeOptions.url ?? 'unknown';
      duration.observe(
        { method: request.method, route, status: reply.statusCode },
        reply.elapsedTime / 1000,
      );
      if (request.errorCode !== undefined) this.countError(request.errorCode, reply);
      done();
    });
  }

  /** All series are there from the start: a first increase from nothing would be seen by no rate. */
  onApplicationBootstrap(): void {
    for (const { code } of declaredErrors()) this.errors.inc({ code }, 0);
    for (const policy of this.counters.policyNames) this.throttled.inc({ policy }, 0);
  }

  private countError(code: string, reply: FastifyReply): void {
    this.errors.inc({ code });
    if (code !== throttleErrors.tooManyRequests.definition.code) return;
    const [, policy] = REFUSING_POLICY.exec(String(reply.getHeader('RateLimit'))) ?? [];
    if (policy !== undefined) this.throttled.inc({ policy });
  }
}
