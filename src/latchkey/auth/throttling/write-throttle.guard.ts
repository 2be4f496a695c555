import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type {} from '../../access/request-principal.js';
import { writes } from '../../platform/http/writes/admin-writes-in-turn.interceptor.js';
import {
  LIMITS_WRITES,
  type WriteQuota,
} from '../../platform/http/writes/limits-writes.decorator.js';
import { Counters } from '../../platform/limits/counters.js';
import { FixedWindow } from '../../platform/limits/fixed-window.js';
import { requireAdmitted } from '../../platform/limits/service-limit.js';
import { ThrottleConfig } from './throttle.config.js';

const WINDOW_SECONDS = 60;

/**
 * Counts what a caller writes, once the access guard has let them in: a user, or a service by its own
 * token. What reads passes at once, and waits for nothing.
 */
@Injectable()
export class WriteThrottleGuard implements CanActivate {
  private readonly windows: Readonly<Record<WriteQuota, FixedWindow>>;

  constructor(
    counters: Counters,
    private readonly config: ThrottleConfig,
    private readonly reflector: Reflector,
  ) {
    const window = (name: WriteQuota, quota: number) =>
      new FixedWindow(counters, { name, quota, windowSeconds: WINDOW_SECONDS });
    this.windows = {
      'own-writes': window('own-writes', config.userWrites),
      'session-writes': window('session-writes', config.userWrites),
      'admin-writes': window('admin-writes', config.adminWrites),
    };
  }

  /** @throws LatchkeyError `throttle.too_many_requests` */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.getArgByIndex<FastifyRequest>(0);
    if (!writes(request) || !this.config.enabled) return true;
    const { principal } = request;
    const quota = this.reflector.getAllAndOverride<WriteQuota | undefined>(LIMITS_WRITES, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (principal === undefined || quota === undefined) return true;
    const { userId, sessionId } = principal;
    const subject = quota === 'session-writes' ? sessionId : userId;
    return this.count(context.getArgByIndex<FastifyReply>(1), quota, subject);
  }

  private async count(reply: FastifyReply, quota: WriteQuota, subject: string): Promise<true> {
    requireAdmitted(reply, await this.windows[quota].count(subject));
    return true;
  }
}
