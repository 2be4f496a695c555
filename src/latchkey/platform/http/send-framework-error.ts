import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { toProblem } from '../errors/problem.js';
import { requestErrors } from '../errors/request.errors.js';

/**
 * Answers what Fastify refuses before it has found a route: an address that cannot be decoded. No
 * hook has run for it, so that the headers that matter are set here.
 */
export function sendFrameworkError(
  cause: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  reply
    .status(requestErrors.malformed.definition.status)
    .header('Content-Type', 'application/problem+json; charset=utf-8')
    .header('Cache-Control', 'no-store')
    .header('X-Content-Type-Options', 'nosniff')
    .send(JSON.stringify(toProblem(requestErrors.malformed({ cause }), request.id)));
}
