import { type ArgumentsHost, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { LatchkeyError } from '../platform/errors/latchkey-error.js';
import { addressBlock } from './address-block.js';
import type { AuditAction } from './audit-action.js';
import { actorOf } from './current-actor.decorator.js';
import { RepeatedEvents } from './repeated-events.js';

/** Which refusals are put on record, as what (ASVS 16.3.2, 16.3.3). */
const ACTIONS: Readonly<Record<string, AuditAction>> = {
  'access.forbidden': 'access.refused',
  'roles.escalation': 'access.refused',
  'auth.cross_site': 'request.cross_site',
  'access.token_invalid': 'token.forged',
};

/** Puts on record who, or what address, was refused what they may not do. */
@Injectable()
export class RefusedRequests {
  constructor(private readonly repeated: RepeatedEvents) {}

  /** Ignores every other error. */
  note({ code }: LatchkeyError, host: ArgumentsHost): void {
    const action = ACTIONS[code];
    if (action === undefined) return;
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const actor = actorOf(request);
    this.repeated.record(actor.userId ?? addressBlock(actor.ip), {
      action,
      outcome: 'failure',
      actor,
      // Of the route and not the path: a path can hold a token.
      details: { code, method: request.method, route: request.routeOptions.url },
    });
  }
}
