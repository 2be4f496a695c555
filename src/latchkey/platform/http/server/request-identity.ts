import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import fastify from 'fastify';
import { trustedProxies } from './trusted-proxies.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The trace that a trusted proxy has put the request into: 32 hexadecimal digits. */
    traceId?: string;
  }
}

/** What proxies make: UUIDs, nginx's 32 hexadecimal digits, AWS' `1-67891233-abcdef012345678912345678`. */
const REQUEST_ID = /^[\w.:=@+/-]{1,128}$/;
/** Version 00, and what of later ones is read as such (W3C Trace Context section 3.2.2). */
const TRACEPARENT =
  /^(?!ff)[0-9a-f]{2}-(?<rest>(?!0{32})(?<traceId>[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2})(?:-.*)?$/;

/**
 * By what a request is known in the log, the audit trail and its answer: the `X-Request-Id` and the
 * trace that a trusted proxy sends, or a new id. What anybody else sends is ignored: they could make
 * two requests look like one.
 */
export function requestIdentity(
  proxies: readonly string[],
): Pick<FastifyServerOptions, 'genReqId' | 'logController' | 'childLoggerFactory'> {
  const isTrusted = trustedProxies(proxies);
  return {
    genReqId: (request) => {
      const id = request.headers['x-request-id'];
      if (typeof id !== 'string' || !isTrusted(request.socket.remoteAddress)) return randomUUID();
      return REQUEST_ID.test(id) ? id : randomUUID();
    },
    logController: new fastify.LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'requestId',
    }),
    childLoggerFactory: (logger, bindings, options, request) => {
      const traceId = traceOf(request as IncomingMessage, isTrusted)?.traceId;
      return logger.child(traceId === undefined ? bindings : { ...bindings, traceId }, options);
    },
  };
}

/** Gives each answer its request's id in `X-Request-Id`, and the trace that it was asked in. */
export function tellRequestIdentity(server: FastifyInstance, proxies: readonly string[]): void {
  const isTrusted = trustedProxies(proxies);
  server.decorateRequest('traceId', undefined);
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('X-Request-Id', request.id);
    const trace = traceOf(request.raw, isTrusted);
    request.traceId = trace?.traceId;
    // Only what version 00 knows is said again: what follows is anybody's text.
    if (trace !== undefined) reply.header('traceparent', `00-${trace.rest}`);
    done();
  });
}

function traceOf(
  { headers, socket }: IncomingMessage,
  isTrusted: ReturnType<typeof trustedProxies>,
): Record<string, string> | undefined {
  const { traceparent } = headers;
  if (typeof traceparent !== 'string' || !isTrusted(socket.remoteAddress)) return undefined;
  return TRACEPARENT.exec(traceparent)?.groups;
}
