import { createParamDecorator, type ExecutionContext, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { TOO_MANY_PARAMETERS } from '../platform/http/bodies/parameter-limit.js';
import { toFieldErrors } from '../platform/http/validation/request-validation.js';
import { oauthErrors } from './oauth.errors.js';

/** Each of its values counts (RFC 8707 section 2), so that it is a list. */
const REPEATABLE = ['resource'];

/**
 * The form of the request as a handler's parameter: `@Form(TokenRequest)`. A parameter that is not
 * known is ignored, one without a value counts as none, and one that is there twice is refused
 * (RFC 6749 section 3.2), unless it may be.
 */
export const Form = createParamDecorator(
  (type: Type<object>, context: ExecutionContext): object => {
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    if (body === null) throw oauthErrors.invalidRequest({ detail: TOO_MANY_PARAMETERS });
    const parameters = body instanceof URLSearchParams ? body : new URLSearchParams();
    const given = Object.fromEntries(
      [...new Set(parameters.keys())].map((name) => [name, meantBy(name, parameters.getAll(name))]),
    );
    const form = plainToInstance(type, given);
    const errors = validateSync(form, { whitelist: true });
    if (errors.length > 0) throw oauthErrors.invalidRequest({ fields: toFieldErrors(errors) });
    return form;
  },
);

/**
 * What a browser was sent with: the query of a GET, the form of a POST. Nothing is judged yet but their number.
 *
 * @throws LatchkeyError `oauth.invalid_request`
 */
export function parametersSent({ method, raw, body }: FastifyRequest): URLSearchParams {
  if (method !== 'POST') return new URLSearchParams((raw.url ?? '').replace(/^[^?]*/, ''));
  if (body === null) throw oauthErrors.invalidRequest({ detail: TOO_MANY_PARAMETERS });
  return body instanceof URLSearchParams ? body : new URLSearchParams();
}

/** Undefined for a parameter without a value. */
function meantBy(name: string, values: string[]): string | string[] | undefined {
  if (REPEATABLE.includes(name)) return values.filter((value) => value !== '');
  if (values.length > 1) {
    throw oauthErrors.invalidRequest({ detail: 'A parameter is there twice.' });
  }
  return values[0] === '' ? undefined : values[0];
}
