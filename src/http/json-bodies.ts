import type { FastifyInstance } from 'fastify';

/**
 * Accepts JSON and nothing else: forms and plain text, which a browser sends across sites without
 * asking, are 415. An empty body that is called JSON counts as none.
 */
export function acceptOnlyJson(server: FastifyInstance): void {
  const parseJson = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parseJson(request, body as string, done);
  });
}
