import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type {} from '../access/request-principal.js';
import { clientAddress } from '../platform/http/client-address.js';
import { plainText } from '../platform/http/validation/plain-text.js';
import type { Actor } from './actor.js';

const MAX_USER_AGENT_LENGTH = 512;

/**
 * The `Actor` of the request, as a handler's parameter. On a public route its `userId` and
 * `sessionId` are null.
 */
export const CurrentActor = createParamDecorator(
  (_: unknown, context: ExecutionContext): Actor =>
    actorOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

export function actorOf({ principal, ip, headers, id }: FastifyRequest): Actor {
  const userAgent = headers['user-agent'];
  return {
    userId: principal?.userId ?? null,
    sessionId: principal?.sessionId ?? null,
    ip: clientAddress(ip),
    userAgent: userAgent ? plainText(userAgent, MAX_USER_AGENT_LENGTH) : null,
    requestId: id,
  };
}
