import { applyDecorators, Injectable, type PipeTransform } from '@nestjs/common';
import { Matches, type ValidationOptions } from 'class-validator';
import { requestErrors } from '../platform/errors/request.errors.js';

export const ROLE_NAME = /^[a-z][a-z0-9_-]{0,62}$/;
export const ROLE_NAME_RULE =
  'the name of a role: lower-case letters, digits, - and _, at most 63, a letter first';

/** Holds every permission; its permissions cannot be changed. */
export const ADMIN_ROLE = 'admin';

export function IsRoleName(options: ValidationOptions = {}): PropertyDecorator {
  const subject = options.each === true ? 'each value in $property' : '$property';
  const message = `${subject} must be ${ROLE_NAME_RULE}`;
  return applyDecorators(Matches(ROLE_NAME, { ...options, message }));
}

/** `@Param('name', RoleNameParam)`: the path's `name` could be a role's, or the request is invalid. */
@Injectable()
export class RoleNameParam implements PipeTransform<string, string> {
  transform(value: string): string {
    if (ROLE_NAME.test(value)) return value;
    const message = `name must be ${ROLE_NAME_RULE}`;
    throw requestErrors.invalid({ fields: [{ field: 'name', message }] });
  }
}
