import { Injectable, type PipeTransform } from '@nestjs/common';
import { requestErrors } from '../platform/errors/request.errors.js';
import { ROLE_NAME, ROLE_NAME_RULE } from './role-name.js';

/** `@Param('name', RoleNameParam)`: the path's `name` could be a role's, or the request is invalid. */
@Injectable()
export class RoleNameParam implements PipeTransform<string, string> {
  transform(value: string): string {
    if (ROLE_NAME.test(value)) return value;
    const message = `name must be ${ROLE_NAME_RULE}`;
    throw requestErrors.invalid({ fields: [{ field: 'name', message }] });
  }
}
