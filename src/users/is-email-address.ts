import { isEmail, ValidateBy } from 'class-validator';

/** An e-mail address that can be written to; text that is not well-formed Unicode is none. */
export function IsEmailAddress(): PropertyDecorator {
  return ValidateBy({
    name: 'isEmailAddress',
    validator: {
      validate: isEmailAddress,
      defaultMessage: () => '$property must be an e-mail address',
    },
  });
}

/** `isEmail` throws at half of a surrogate pair. */
export function isEmailAddress(value: unknown): boolean {
  return typeof value === 'string' && value.isWellFormed() && isEmail(value);
}
