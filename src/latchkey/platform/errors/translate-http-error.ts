import { HttpException } from '@nestjs/common';
import { LatchkeyError } from './latchkey-error.js';
import { requestErrors } from './request.errors.js';

/**
 * Says in Latchkey's codes what Nest or Fastify refused before a feature saw the request, and
 * gives an extending team's own `HttpException` the same shape. Undefined: not an HTTP error.
 */
export function translateHttpError(error: unknown): LatchkeyError | undefined {
  const status = statusOf(error);
  if (status === undefined || status < 400 || status >= 500) return undefined;
  if (status === 404 && isUnknownRoute(error)) return requestErrors.notFound({ cause: error });
  if (status === 413) return requestErrors.tooLarge({ cause: error });
  if (status === 415) return requestErrors.unsupportedMediaType({ cause: error });
  if (error instanceof HttpException && !isFrameworks(error)) {
    return fromHttpException(error, status);
  }
  return requestErrors.malformed({ cause: error });
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (typeof error !== 'object' || error === null) return undefined;
  const { statusCode } = error as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : undefined;
}

function isUnknownRoute(error: unknown): boolean {
  return !(error instanceof HttpException) || /^Cannot [A-Z]+ /.test(error.message);
}

/** Nest hands on what Fastify could not read as an `HttpException` with Fastify's own words. */
function isFrameworks({ cause }: HttpException): boolean {
  return cause instanceof Error && cause.name === 'FastifyError';
}

function fromHttpException(error: HttpException, status: number): LatchkeyError {
  if (status === 400 && error.message === 'Bad Request') {
    return requestErrors.malformed({ cause: error });
  }
  const definition = {
    code: `http.${status}`,
    status,
    title: error.message,
    remedy: 'See the answer’s title.',
  };
  return new LatchkeyError(definition, { cause: error });
}
