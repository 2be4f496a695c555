import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import type { FieldError } from '../errors/latchkey-error.js';
import { requestErrors } from '../errors/request.errors.js';

/** Refuses unknown fields and names every field that is wrong; converts nothing by itself. */
export function requestValidation(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    stopAtFirstError: false,
    exceptionFactory: (errors) => requestErrors.invalid({ fields: toFieldErrors(errors) }),
  });
}

export function toFieldErrors(errors: readonly ValidationError[], parent = ''): FieldError[] {
  return errors.flatMap(({ property, constraints, children }) => {
    const field = `${parent}${property}`.slice(0, 100);
    const own = Object.values(constraints ?? {}).map((message) => ({
      field,
      message: message.slice(0, 300),
    }));
    return [...own, ...toFieldErrors(children ?? [], `${field}.`)];
  });
}
