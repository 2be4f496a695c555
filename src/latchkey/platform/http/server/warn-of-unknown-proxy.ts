import type { FastifyInstance, FastifyRequest } from 'fastify';

const FORWARDED_HEADERS = ['forwarded', 'x-forwarded-for', 'x-real-ip'];

/**
 * Says once that a proxy stands in front and is not trusted: all that it forwards counts as one
 * address, whose failures refuse everybody. Call it where `TRUSTED_PROXIES` is empty.
 */
export function warnOfUnknownProxy(server: FastifyInstance): void {
  let warned = false;
  server.addHook('onRequest', (request, _reply, done) => {
    if (!warned && isForwarded(request)) {
      warned = true;
      request.log.warn(
        { proxy: request.ip },
        'A request was forwarded, and TRUSTED_PROXIES is empty: all clients behind the proxy count as its address. Set TRUSTED_PROXIES to the proxy’s address if it is yours.',
      );
    }
    done();
  });
}

/** Whether a proxy says that it stands in between. */
export function isForwarded({ headers }: FastifyRequest): boolean {
  return FORWARDED_HEADERS.some((name) => headers[name] !== undefined);
}
