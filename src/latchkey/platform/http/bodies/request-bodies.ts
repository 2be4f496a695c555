import type { FastifyInstance } from 'fastify';
import { requestErrors } from '../../errors/request.errors.js';
import { applyBodyLimits, excessOf, JSON_LIMITS, type JsonBodyLimits } from './body-limits.js';
import { acceptForms, acceptsForms } from './form-bodies.js';

/**
 * Accepts JSON objects within the limits of their route, and forms where a route asks for them
 * instead: forms and plain text, which a browser sends across sites without asking, are 415
 * elsewhere. An empty body that is called JSON counts as none.
 *
 * What is refused here no guard and no pipe has seen: it costs its sender more than us.
 */
export function acceptBodies(server: FastifyInstance): void {
  const parseJson = server.getDefaultJsonParser('error', 'error');
  applyBodyLimits(server);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (acceptsForms(request)) return done(requestErrors.unsupportedMediaType());
    if (body === '') return done(null, undefined);
    parseJson(request, body as string, (error, parsed) => {
      if (error) return done(error);
      const detail = problemOf(parsed, request.routeOptions.config?.jsonLimits);
      if (detail === null) done(null, parsed);
      else done(requestErrors.malformed({ detail }));
    });
  });
  acceptForms(server);
}

function problemOf(parsed: unknown, { list = false, bytes: _, ...limits }: JsonBodyLimits = {}) {
  if (typeof parsed !== 'object' || parsed === null || (Array.isArray(parsed) && !list)) {
    return 'The body is not a JSON object.';
  }
  return excessOf(parsed, { ...JSON_LIMITS, ...limits });
}
