import { ValidateIf } from 'class-validator';

/** The field may be left out, but not be null: for fields in which null would mean nothing. */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}
