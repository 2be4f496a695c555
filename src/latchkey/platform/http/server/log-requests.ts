import type { FastifyInstance } from 'fastify';

/** One line for each request, when it is over. */
export function logRequests(server: FastifyInstance): void {
  server.addHook('onResponse', (request, reply, done) => {
    const milliseconds = Math.round(reply.elapsedTime * 10) / 10;
    request.log.info({ req: request, res: reply, milliseconds }, 'request');
    done();
  });
}
