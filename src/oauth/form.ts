import { createParamDecorator, type ExecutionContext, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { toFieldErrors } from '../http/request-validation.js';
import { oauthErrors } from './oauth.errors.js';

/**
 * The form of the request as a handler's parameter: `@Form(TokenRequest)`. A parameter that is not
 * known is ignored, one without a value counts as none, and one that is there twice is refused
 * (RFC 6749 section 3.2).
 */
export const Form = createParamDecorator(
  (type: Type<object>, context: ExecutionContext): object => {
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    const parameters = body instanceof URLSearchParams ? [...body] : [];
    const names = parameters.map(([name]) => name);
    if (new Set(names).size < names.length) {
      throw oauthErrors.invalidRequest({ detail: 'A parameter is there twice.' });
    }
    const given = Object.fromEntries(parameters.filter(([, value]) => value !== ''));
    const form = plainToInstance(type, given);
    const errors = validateSync(form, { whitelist: true });
    if (errors.length > 0) throw oauthErrors.invalidRequest({ fields: toFieldErrors(errors) });
    return form;
  },
);
