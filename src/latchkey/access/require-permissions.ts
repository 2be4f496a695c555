import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { isPermission } from './permission.js';

export const PERMISSIONS = 'latchkey:permissions';

/**
 * Demands that the caller holds every one of these permissions, by itself or by a wildcard.
 *
 * @throws Error at start when one is not of the form `resource:action`
 */
export function RequirePermissions(
  ...permissions: [string, ...string[]]
): ClassDecorator & MethodDecorator {
  const wrong = permissions.find((permission) => !isPermission(permission));
  if (wrong !== undefined) throw new Error(`"${wrong}" is not a permission: use resource:action.`);
  return applyDecorators(
    SetMetadata(PERMISSIONS, permissions),
    ApiExtension('x-permissions', permissions),
  );
}
