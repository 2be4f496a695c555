import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { requestErrors } from '../../errors/request.errors.js';
import { describeBodyLimit } from './body-limits.js';
import { hasTooManyParameters } from './parameter-limit.js';

/** A token of 8 KiB, and what a client says of itself. */
const FORM_LIMIT_BYTES = 16 * 1024;

declare module 'fastify' {
  interface FastifyContextConfig {
    acceptsForms?: boolean;
  }
}

/**
 * The body of the route is a form, as OAuth demands it (RFC 6749 appendix B), and not JSON; the route
 * reads no query. A form of too many parameters comes as null, for the route to refuse in OAuth's words.
 */
export function AcceptsForms(): MethodDecorator {
  return applyDecorators(
    RouteConfig({ acceptsForms: true, readsNoQuery: true, bodyLimitBytes: FORM_LIMIT_BYTES }),
    describeBodyLimit(FORM_LIMIT_BYTES),
  );
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
      const text = body as string;
      done(null, hasTooManyParameters(text) ? null : new URLSearchParams(text));
    },
  );
}
