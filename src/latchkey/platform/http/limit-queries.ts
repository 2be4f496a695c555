import type { FastifyInstance } from 'fastify';
import { requestErrors } from '../errors/request.errors.js';
import { hasTooManyParameters, TOO_MANY_PARAMETERS } from './parameter-limit.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the query holds is nothing to the route, so that it may hold anything. */
    readsNoQuery?: boolean;
  }
}

/** Refuses queries of very many parameters before a guard or a pipe looks at one. */
export function limitQueries(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const { url = '' } = request.raw;
    const start = url.indexOf('?');
    if (start === -1 || request.routeOptions.config?.readsNoQuery === true) return done();
    if (!hasTooManyParameters(url, start)) return done();
    done(requestErrors.malformed({ detail: TOO_MANY_PARAMETERS }));
  });
}
