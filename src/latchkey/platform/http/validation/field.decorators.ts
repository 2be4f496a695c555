import { applyDecorators } from '@nestjs/common';
import { IsString, Length, ValidateBy, ValidateIf } from 'class-validator';
import { UNPRINTABLE } from './plain-text.js';

export interface TextLimits {
  /** In UTF-16 code units. */
  readonly min?: number;
  /** In UTF-16 code units. */
  readonly max: number;
}

/** A string that JSON and Postgres can both hold: no NUL, no half of a surrogate pair. */
export function IsText({ min = 0, max }: TextLimits): PropertyDecorator {
  return applyDecorators(IsString(), Length(min, max), IsStorable());
}

function IsStorable(): PropertyDecorator {
  return ValidateBy({
    name: 'isStorable',
    validator: {
      validate: (value: unknown) =>
        typeof value === 'string' && !value.includes('\0') && value.isWellFormed(),
      defaultMessage: () => '$property must be well-formed Unicode without NUL characters',
    },
  });
}

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

/** The field may be left out, but not be null: for fields in which null would mean nothing. */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/** For `@Transform`: tokens carry ids in lower case, and they are compared as texts. */
export function toLowerCase({ value }: { value: unknown }): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}
