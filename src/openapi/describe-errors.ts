import type { OpenAPIObject } from '@nestjs/swagger';
import { accessErrors } from '../access/access.errors.js';
import { databaseErrors } from '../database/database.errors.js';
import { declaredErrors, type ErrorFactory } from '../errors/define-errors.js';
import type { ErrorDefinition } from '../errors/error-definition.js';
import { requestErrors, serverErrors } from '../errors/request.errors.js';

/** An operation with what the decorators emitted into it. */
interface Operation {
  parameters?: unknown[];
  requestBody?: unknown;
  responses: Record<string, unknown>;
  security?: Record<string, string[]>[];
  'x-public'?: boolean;
  'x-from-memory'?: boolean;
  'x-roles'?: string[];
  'x-permissions'?: string[];
  'x-errors'?: string[];
}

/** Adds to every operation what it demands and each error that it can give. */
export function describeErrors(document: OpenAPIObject): void {
  const definitions = new Map(declaredErrors().map((error) => [error.code, error]));
  for (const operation of operationsOf(document)) {
    const codes = [...new Set([...codesByShape(operation), ...(operation['x-errors'] ?? [])])];
    operation['x-errors'] = codes.sort();
    operation.security ??= operation['x-public'] ? [] : [{ bearer: [] }];
    const errors = codes
      .map((code) => definitions.get(code))
      .filter((error) => error !== undefined);
    for (const status of new Set(errors.map((error) => error.status))) {
      const group = errors.filter((error) => error.status === status);
      operation.responses[status] = problemResponse(group);
    }
  }
}

function operationsOf(document: OpenAPIObject): Operation[] {
  const methods = ['get', 'put', 'post', 'delete', 'patch'] as const;
  return Object.values(document.paths).flatMap((path) =>
    methods.map((method) => path[method]).filter((operation) => operation !== undefined),
  ) as Operation[];
}

function codesByShape(operation: Operation): string[] {
  const errors: ErrorFactory[] = [serverErrors.internal];
  if (!operation['x-from-memory']) errors.push(databaseErrors.unavailable);
  if (operation.parameters?.length) errors.push(requestErrors.invalid);
  if (operation.requestBody) {
    const { invalid, malformed, tooLarge, unsupportedMediaType } = requestErrors;
    errors.push(invalid, malformed, tooLarge, unsupportedMediaType);
  }
  if (!operation['x-public']) {
    const { unauthenticated, tokenInvalid, tokenExpired, tokenRevoked, tokenStale } = accessErrors;
    errors.push(unauthenticated, tokenInvalid, tokenExpired, tokenRevoked, tokenStale);
    errors.push(accessErrors.revocationUnavailable, requestErrors.malformed);
  }
  if (operation['x-roles'] ?? operation['x-permissions']) errors.push(accessErrors.forbidden);
  return errors.map((error) => error.definition.code);
}

function problemResponse(errors: readonly ErrorDefinition[]) {
  return {
    description: errors.map(({ code, title }) => `\`${code}\`: ${title}`).join('\n\n'),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [
            { $ref: '#/components/schemas/Problem' },
            { properties: { code: { enum: errors.map(({ code }) => code) } } },
          ],
        },
      },
    },
  };
}
