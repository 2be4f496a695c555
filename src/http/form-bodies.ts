import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { requestErrors } from '../errors/request.errors.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    acceptsForms?: boolean;
  }
}

/** The body of the route is a form, as OAuth demands it (RFC 6749 appendix B), and not JSON. */
export function AcceptsForms(): MethodDecorator {
  return RouteConfig({ acceptsForms: true }) as MethodDecorator;
}

export function acceptsForms(request: FastifyRequest): boolean {
  return request.routeOptions.config?.acceptsForms === true;
}

/**
 * Reads forms, on the routes that ask for them and on no other: a browser sends a form across sites
 * without asking.
 */
export function acceptForms(server: FastifyInstance): void {
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (request, body, done) => {
      if (!acceptsForms(request)) return done(requestErrors.unsupportedMediaType());
      done(null, new URLSearchParams(body as string));
    },
  );
}
