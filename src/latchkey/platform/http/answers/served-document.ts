import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { entityTagOf, isKnownTo } from './conditional-get.js';

/** A document that is the same for every caller while the process runs. */
export interface ServedDocument {
  /** `Content-Type`. */
  readonly type: string;
  readonly body: string | Buffer;
}

/**
 * Serves a document that is built once, at the first request for it; if that fails, the next
 * request builds it. A client that already has it gets 304 without a body.
 */
export function serveDocument(
  server: FastifyInstance,
  path: string,
  make: () => Promise<ServedDocument>,
): void {
  const tagged = async () => {
    const document = await make();
    const { type } = document;
    const body = Buffer.from(document.body);
    return { type, body, entityTag: entityTagOf(body) };
  };
  let made: ReturnType<typeof tagged> | undefined;
  server.get(path, async (request: FastifyRequest, reply: FastifyReply) => {
    made ??= tagged().catch((error) => {
      made = undefined;
      throw error;
    });
    const { type, body, entityTag } = await made;
    reply.headers({ 'Cache-Control': 'no-cache', ETag: entityTag });
    return isKnownTo(request, entityTag) ? reply.status(304).send() : reply.type(type).send(body);
  });
}

/**
 * Serves a page, and leads to it from its path with a slash: what it names by relative addresses is
 * then found below whatever path a proxy serves it.
 */
export function servePage(
  server: FastifyInstance,
  path: `/${string}`,
  make: () => Promise<ServedDocument>,
): void {
  serveDocument(server, path, make);
  server.get(`${path}/`, (_request, reply) => reply.redirect(`..${path}`, 308));
}
