import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';

/** How much a parsed JSON text may hold. */
export interface JsonLimits {
  /** Objects and lists within each other, the outermost included. */
  readonly depth: number;
  /** Everything in it: objects, lists and what they hold. */
  readonly values: number;
}

/** Room for everything that Latchkey itself is told. */
export const JSON_LIMITS: JsonLimits = { depth: 8, values: 128 };

/**
 * What a parsed JSON text has too much of, in a sentence about "it"; null when it is within the
 * limits. Looks at no more values than they allow, and calls itself no deeper.
 */
export function excessOf(parsed: unknown, limits: JsonLimits = JSON_LIMITS): string | null {
  let values = 0;
  const excessAt = (value: unknown, depth: number): string | null => {
    values += 1;
    if (values > limits.values) return `It holds more than ${limits.values} values.`;
    if (typeof value !== 'object' || value === null) return null;
    if (depth > limits.depth) return `It is nested more than ${limits.depth} levels deep.`;
    for (const child of Object.values(value)) {
      const excess = excessAt(child, depth + 1);
      if (excess !== null) return excess;
    }
    return null;
  };
  return excessAt(parsed, 1);
}

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
