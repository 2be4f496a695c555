import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A strong entity tag (RFC 9110 section 8.8.3). */
export function entityTagOf(body: string | Buffer): string {
  return `"${createHash('sha256').update(body).digest('base64url')}"`;
}

/** Whether the client has it already (RFC 9110 section 13.1.2). */
export function isKnownTo({ headers }: FastifyRequest, entityTag: string): boolean {
  const known = headers['if-none-match']?.split(',', MAX_TAGS).map((tag) => tag.trim()) ?? [];
  return known.some((tag) => tag === '*' || tag === entityTag || tag === `W/${entityTag}`);
}

const MAX_TAGS = 20;

/**
 * Answers with an entity tag; a client that already has this version gets 304 without a body (RFC
 * 9110 section 13.1.2).
 *
 * @returns what the handler is to answer
 */
export function unlessKnown<Body>(reply: FastifyReply, body: Body): Body | undefined {
  const entityTag = entityTagOf(JSON.stringify(body));
  reply.header('ETag', entityTag);
  if (!isKnownTo(reply.request, entityTag)) return body;
  reply.status(304);
  return undefined;
}
