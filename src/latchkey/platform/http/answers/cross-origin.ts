import { fastifyCors } from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

/** What scripts send of their own, and what wrappers around `fetch` add: tracing, mostly. */
const ALLOWED_HEADERS = [
  'Authorization',
  'Content-Type',
  'baggage',
  'sentry-trace',
  'traceparent',
  'tracestate',
  'X-Request-Id',
  'X-Requested-With',
];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const EXPOSED_HEADERS = [
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
  'X-Request-Id',
];
const MAX_AGE_SECONDS = 600;
const WELL_KNOWN = '/.well-known/';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** No page of another origin is told that it may call the route, nor is `OPTIONS` answered for it. */
    cors?: false;
  }
}

/**
 * Lets pages of the listed origins call every route with credentials (Fetch standard, CORS), except
 * where the route's configuration has `cors: false`, and pages of any origin read what is
 * under `/.well-known/`, without.
 *
 * @param origins exact ones
 */
export async function allowOrigins(
  server: FastifyInstance,
  origins: readonly string[],
): Promise<void> {
  openWellKnown(server);
  if (origins.length === 0) return;
  await server.register(fastifyCors, {
    origin: [...origins],
    credentials: true,
    methods: METHODS,
    allowedHeaders: ALLOWED_HEADERS,
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: MAX_AGE_SECONDS,
    // Otherwise an OPTIONS that is no preflight is answered in plain text.
    strictPreflight: false,
  });
}

function openWellKnown(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    if (!route.url.startsWith(WELL_KNOWN)) return;
    route.config = { ...route.config, cors: false };
    route.onRequest = (_request, reply, done) => {
      reply.header('Access-Control-Allow-Origin', '*');
      done();
    };
  });
  server.options(`${WELL_KNOWN}*`, (_request, reply) =>
    reply
      .status(204)
      .headers({
        'Access-Control-Allow-Methods': 'GET, HEAD',
        'Access-Control-Allow-Headers': ALLOWED_HEADERS.join(', '),
        'Access-Control-Max-Age': String(MAX_AGE_SECONDS),
      })
      .send(),
  );
}
