import type { Server } from 'node:http';
import type { FastifyHttpOptions } from 'fastify';
import type { HttpConfig } from '../http.config.js';

/** Within how many looks at the connections Node finds one whose time is up. */
const LOOKS_PER_TIMEOUT = 6;

/**
 * Fastify switches Node's limit for a whole request off, which leaves a body as long as it likes,
 * and Node alone looks for connections whose time is up only twice a minute.
 */
export function timeLimits(config: HttpConfig): FastifyHttpOptions<Server> {
  const requestTimeout = config.requestTimeoutSeconds * 1000;
  return {
    keepAliveTimeout: config.keepAliveSeconds * 1000,
    requestTimeout,
    http: {
      headersTimeout: requestTimeout,
      connectionsCheckingInterval: Math.ceil(requestTimeout / LOOKS_PER_TIMEOUT),
    },
  };
}
