import { applyDecorators } from '@nestjs/common';
import { ValidateBy } from 'class-validator';
import { UNPRINTABLE } from '../plain-text.js';
import { IsText, type TextLimits } from './is-text.js';

/** A text that is one line wherever it is shown, in a terminal as well: a name. */
export function IsLine(limits: TextLimits): PropertyDecorator {
  return applyDecorators(
    IsText(limits),
    ValidateBy({
      name: 'isLine',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && !UNPRINTABLE.test(value),
        defaultMessage: () => '$property must be one line without control characters',
      },
    }),
  );
}
