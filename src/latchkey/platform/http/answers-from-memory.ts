import { ApiExtension } from '@nestjs/swagger';

/** Marks a route that reaches no database: it answers while Postgres is away. */
export function AnswersFromMemory(): MethodDecorator {
  return ApiExtension('x-from-memory', true);
}
