import type { FastifyInstance } from 'fastify';

/**
 * Accepts JSON and nothing else: forms and plain text, which a browser sends across sites without
 * asking, are 415. No body at all is fine, whatever its type is called.
 */
export function acceptOnlyJson(server: FastifyInstance): void {
  const parseJson = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parseJson(request, body as string, done);
  });
}
