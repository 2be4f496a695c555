import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type {
  ConnectionError,
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
} from 'fastify';
import { toProblem } from '../../errors/problem.js';
import { requestErrors } from '../../errors/request.errors.js';

/**
 * Answers what Node.js could not read as HTTP: a header that is too large, a line that is none, a
 * request that never ends. There is no request yet, so that the answer is written by hand.
 */
export function sendClientError(
  this: FastifyInstance,
  cause: ConnectionError,
  socket: Socket,
): void {
  if (cause.code === 'ECONNRESET' || socket.destroyed) return;
  if (!socket.writable) return void socket.destroy();
  const error = errorFor(cause);
  const { status } = error.definition;
  const requestId = randomUUID();
  const body = JSON.stringify(toProblem(error, requestId));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    `X-Request-Id: ${requestId}`,
    'Connection: close',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
  const req = { method: 'unknown', routeOptions: {}, ip: socket.remoteAddress };
  this.log.info({ requestId, req, res: { statusCode: status }, code: error.code }, 'request');
}

function errorFor(cause: ConnectionError) {
  if (cause.code === 'HPE_HEADER_OVERFLOW') return requestErrors.headersTooLarge({ cause });
  if (cause.code === 'ERR_HTTP_REQUEST_TIMEOUT') return requestErrors.tooSlow({ cause });
  return requestErrors.malformed({ cause });
}

/**
 * Answers what Fastify refuses before it has found a route: an address that cannot be decoded. No
 * hook has run for it, so that the headers that matter are set here.
 */
export function sendFrameworkError(
  cause: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const error = requestErrors.malformed({ cause });
  reply
    .status(error.definition.status)
    .header('Content-Type', 'application/problem+json; charset=utf-8')
    .header('Cache-Control', 'no-store')
    .header('X-Content-Type-Options', 'nosniff')
    .header('X-Request-Id', request.id)
    .send(JSON.stringify(toProblem(error, request.id)));
  request.log.info({ req: request, res: reply, code: error.code }, 'request');
}
