import type { FastifyInstance, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** The code of the error that the request was answered with. */
    errorCode?: string;
  }
}

/** Who made a request, as its line says it. */
export interface LoggedCaller {
  readonly userId: string;
  readonly sessionId: string;
}

/**
 * One line for each request, when it is over: what was refused with its code.
 *
 * @param callerOf undefined for a request whose access token has not been verified
 */
export function logRequests(
  server: FastifyInstance,
  callerOf: (request: FastifyRequest) => LoggedCaller | undefined,
): void {
  server.decorateRequest('errorCode', undefined);
  server.addHook('onResponse', (request, reply, done) => {
    const caller = callerOf(request);
    request.log.info(
      {
        req: request,
        res: reply,
        code: request.errorCode,
        userId: caller?.userId,
        sessionId: caller?.sessionId,
        milliseconds: Math.round(reply.elapsedTime * 10) / 10,
      },
      'request',
    );
    done();
  });
}
