import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';

/**
 * Answers with an entity tag, and without the body to whoever has it already (RFC 9110 sections
 * 8.8.3 and 13.1.2).
 *
 * @returns what the handler is to answer
 */
export function unlessKnown<Body>(reply: FastifyReply, body: Body): Body | undefined {
  const etag = `"${createHash('sha256').update(JSON.stringify(body)).digest('base64url')}"`;
  reply.header('ETag', etag);
  const known = reply.request.headers['if-none-match']?.split(',').map((tag) => tag.trim()) ?? [];
  if (!known.some((tag) => tag === '*' || tag === etag || tag === `W/${etag}`)) return body;
  reply.status(304);
  return undefined;
}
