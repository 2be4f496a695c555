import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { BODY_LIMIT_BYTES, describeBodyLimit } from './body-limit.js';
import type { JsonLimits } from './json-limits.js';

export interface JsonBodyLimits extends Partial<JsonLimits> {
  readonly bytes?: number;
  /** A list may be on top as well: for a handler whose pipe expects one. */
  readonly list?: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    jsonLimits?: JsonBodyLimits;
  }
}

/** The body of the route may be larger than others, deeper, fuller, or a list. */
export function AcceptsJson(limits: JsonBodyLimits): MethodDecorator {
  const { bytes = BODY_LIMIT_BYTES } = limits;
  return applyDecorators(
    RouteConfig({ bodyLimitBytes: bytes, jsonLimits: limits }),
    describeBodyLimit(bytes),
  );
}
