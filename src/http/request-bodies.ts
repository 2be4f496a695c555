import type { FastifyInstance } from 'fastify';
import { requestErrors } from '../errors/request.errors.js';
import { acceptForms, acceptsForms } from './form-bodies.js';

/**
 * Accepts JSON, and forms where a route asks for them instead: forms and plain text, which a browser
 * sends across sites without asking, are 415 elsewhere. An empty body that is called JSON counts as
 * none.
 */
export function acceptBodies(server: FastifyInstance): void {
  const parseJson = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (acceptsForms(request)) done(requestErrors.unsupportedMediaType());
    else if (body === '') done(null, undefined);
    else parseJson(request, body as string, done);
  });
  acceptForms(server);
}
