import { type ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import type { FieldError } from '../../errors/latchkey-error.js';
import { requestErrors } from '../../errors/request.errors.js';

/** Refuses unknown fields and names every field that is wrong; converts nothing by itself. */
export function requestValidation(): ValidationPipe {
  return new RequestValidation({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    stopAtFirstError: false,
    exceptionFactory: (errors) => requestErrors.invalid({ fields: toFieldErrors(errors) }),
  });
}

/** What decorators of one's own make of a request is no text of a client's, and may be a circle. */
const SENT_AS_OBJECTS: readonly ArgumentMetadata['type'][] = ['body', 'query'];

class RequestValidation extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (SENT_AS_OBJECTS.includes(metadata.type)) requireNoNameOfObjects(value);
    return super.transform(value, metadata);
  }
}

export function toFieldErrors(errors: readonly ValidationError[], parent = ''): FieldError[] {
  return errors.flatMap(({ property, constraints, children }) => {
    const field = `${parent}${property}`;
    const own = Object.values(constraints ?? {}).map((message) => ({ field, message }));
    return [...own, ...toFieldErrors(children ?? [], `${field}.`)];
  });
}

/**
 * Refuses `constructor`, `__defineGetter__` and the like, which every object has: class-validator
 * and class-transformer look names up in objects, and so take them for known ones or pass them over.
 */
function requireNoNameOfObjects(value: unknown, parent = ''): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, child] of Object.entries(value)) {
    const field = `${parent}${name}`;
    if (name in Object.prototype) {
      const message = `property ${name} should not exist`;
      throw requestErrors.invalid({ fields: [{ field, message }] });
    }
    requireNoNameOfObjects(child, `${field}.`);
  }
}
