import { applyDecorators } from '@nestjs/common';
import { ValidateBy } from 'class-validator';
import { IsText } from '../../platform/http/validation/field.decorators.js';
import { lengthOf, MAX_PASSWORD_LENGTH } from './password-text.js';

/** For the API description; JSON Schema counts code points as well. */
export const PASSWORD_LIMITS = { minLength: 1, maxLength: MAX_PASSWORD_LENGTH };

/** No code point takes more UTF-16 code units. */
const MAX_UNITS_PER_CODE_POINT = 2;

/**
 * A password as a request may carry it: what is longer is refused before any hashing. Whether it
 * is fit to be chosen is the policy's to say.
 */
export function IsPassword(): PropertyDecorator {
  return applyDecorators(
    IsText({ min: 1, max: MAX_PASSWORD_LENGTH * MAX_UNITS_PER_CODE_POINT }),
    ValidateBy({
      name: 'isPassword',
      validator: {
        validate: (value: unknown) =>
          typeof value === 'string' && lengthOf(value) <= MAX_PASSWORD_LENGTH,
        defaultMessage: () => `$property must have at most ${MAX_PASSWORD_LENGTH} characters`,
      },
    }),
  );
}
