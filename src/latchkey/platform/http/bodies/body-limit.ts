import { ApiExtension } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';

/** What a body may weigh where its route says nothing. */
export const BODY_LIMIT_BYTES = 8 * 1024;

declare module 'fastify' {
  interface FastifyContextConfig {
    bodyLimitBytes?: number;
  }
}

/** Says it in the API description. */
export function describeBodyLimit(bytes: number): MethodDecorator {
  return ApiExtension('x-body-limit-bytes', bytes);
}

/** Lets the routes that name a limit have it: Nest passes on no other setting of a route. */
export function applyBodyLimits(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    route.bodyLimit ??= route.config?.bodyLimitBytes;
  });
}
