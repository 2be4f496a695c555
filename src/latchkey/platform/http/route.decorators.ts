import { ApiExtension } from '@nestjs/swagger';
import type { ErrorFactory } from '../errors/define-errors.js';

/**
 * Says which errors a route gives beyond those that follow from its shape (a request that is not
 * valid, no or not enough authority, no database). The API description lists them all.
 */
export function Throws(...errors: ErrorFactory[]): MethodDecorator {
  return ApiExtension(
    'x-errors',
    errors.map((error) => error.definition.code),
  );
}

/** Marks a route that reaches no database: it answers while Postgres is away. */
export function AnswersFromMemory(): MethodDecorator {
  return ApiExtension('x-from-memory', true);
}
