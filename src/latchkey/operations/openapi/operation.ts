import type { OpenAPIObject } from '@nestjs/swagger';
import type { AssuranceDemand } from '../../access/assurance.js';

export const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;
export type Method = (typeof METHODS)[number];

/** An operation with what the decorators emitted into it. */
export interface Operation {
  operationId?: string;
  description?: string;
  parameters?: { in: string; name: string }[];
  requestBody?: { content?: Record<string, { schema?: { $ref?: string } }> };
  responses: Record<string, unknown>;
  security?: Record<string, string[]>[];
  'x-public'?: boolean;
  'x-from-memory'?: boolean;
  'x-oauth'?: boolean;
  'x-limits-writes'?: string;
  'x-roles'?: readonly string[] | readonly (readonly string[])[];
  'x-permissions'?: readonly string[];
  'x-assurance'?: AssuranceDemand;
  'x-scopes'?: readonly string[];
  'x-fresh-sign-in'?: boolean;
  'x-errors'?: string[];
}

export function operationsOf(document: OpenAPIObject): { method: Method; operation: Operation }[] {
  return Object.values(document.paths).flatMap((path) =>
    METHODS.flatMap((method) => {
      const operation = path[method] as Operation | undefined;
      return operation === undefined ? [] : [{ method, operation }];
    }),
  );
}
