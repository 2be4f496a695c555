import { ValidateBy } from 'class-validator';
import { readPlainAddress } from './plain-address.js';

/** A plain e-mail address: see `readPlainAddress`. */
export function IsEmailAddress(): PropertyDecorator {
  return ValidateBy({
    name: 'isEmailAddress',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && readPlainAddress(value) !== null,
      defaultMessage: () => '$property must be an e-mail address',
    },
  });
}
