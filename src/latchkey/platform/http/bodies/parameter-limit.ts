import type { FastifyInstance } from 'fastify';
import { requestErrors } from '../../errors/request.errors.js';

/** No form and no query of ours has half as many. */
const MAX_PARAMETERS = 32;
export const TOO_MANY_PARAMETERS = `There are more than ${MAX_PARAMETERS} parameters.`;

/** Whether a form or a query, read from a place in the text on, has more parameters than any may. */
export function hasTooManyParameters(text: string, start = 0): boolean {
  let count = 1;
  for (let at = text.indexOf('&', start); at !== -1; at = text.indexOf('&', at + 1)) {
    count += 1;
    if (count > MAX_PARAMETERS) return true;
  }
  return false;
}

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
