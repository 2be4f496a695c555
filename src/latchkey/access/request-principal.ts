import type {} from 'fastify';
import type { Principal } from './principal.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the access guard on every route that is not public, once the token is known to be live. */
    principal?: Principal;
  }
}

/** What the guard reads and writes of a request: the same on Fastify and Express. */
export interface GuardedRequest {
  readonly headers: { readonly authorization?: string };
  readonly query?: unknown;
  /** Name and value, one after the other: Express has them itself, Fastify in what it wraps. */
  readonly rawHeaders?: readonly string[];
  readonly raw?: { readonly rawHeaders: readonly string[] };
  principal?: Principal;
}
