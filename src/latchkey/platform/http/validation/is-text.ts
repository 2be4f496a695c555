import { applyDecorators } from '@nestjs/common';
import { IsString, Length, ValidateBy } from 'class-validator';

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
