import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { AuditTrail } from '../../audit/audit-trail.js';
import { actorOf } from '../../audit/current-actor.js';
import type { ServiceLimit } from '../../platform/limits/service-limit.js';
import { Users } from '../../users/accounts/users.js';

/**
 * Shows admins when guessing was stopped: once for each time that it is, and never for what is
 * refused meanwhile, so that a flood of requests is no flood of events.
 */
@Injectable()
export class ThrottledSignIns {
  constructor(
    private readonly dataSource: DataSource,
    private readonly users: Users,
    private readonly audit: AuditTrail,
  ) {}

  /** The same statements whether or not there is such an account. */
  async record(request: FastifyRequest, email: string, limit: ServiceLimit): Promise<void> {
    const account = await this.users.findForSignIn(email);
    await this.audit.record(this.dataSource.manager, {
      action: 'sign_in.throttled',
      outcome: 'failure',
      actor: actorOf(request),
      details: { policy: limit.policy.name, seconds: limit.resetSeconds },
      ...(account !== null && { target: { type: 'user' as const, id: account.id } }),
    });
  }
}
