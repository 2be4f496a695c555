import { ValidateBy, type ValidationOptions } from 'class-validator';
import { isPermission } from '../access/permission.js';

export function IsPermission(options: ValidationOptions = {}): PropertyDecorator {
  const subject = options.each === true ? 'each value in $property' : '$property';
  return ValidateBy(
    {
      name: 'isPermission',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && isPermission(value),
        defaultMessage: () => `${subject} must be resource:action, resource:* or *`,
      },
    },
    options,
  );
}
