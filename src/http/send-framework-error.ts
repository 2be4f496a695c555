import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { toProblem } from '../errors/problem.js';
import { requestErrors } from '../errors/request.errors.js';

/** Answers what Fastify refuses before it has found a route: an address that cannot be decoded. */
export function sendFrameworkError(
  cause: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  reply
    .status(requestErrors.malformed.definition.status)
    .header('Content-Type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(toProblem(requestErrors.malformed({ cause }), request.id)));
}
