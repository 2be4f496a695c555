import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  SetMetadata,
} from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { accessErrors } from './access.errors.js';
import { isPermission } from './permission.js';
import { type Principal } from './principal.js';
import { type GuardedRequest } from './request-principal.js';

export const PUBLIC = 'latchkey:public';

/**
 * Lets anybody call the route. Without it a route demands a signed-in caller. A handler that
 * names roles or permissions stays guarded even in a controller that is public, and so does what a
 * class declares that extends the controller. Beside a demand, at the same place or at one that it
 * builds on, it ends the start: `readDemands` has the rules.
 */
export function Public(): ClassDecorator & MethodDecorator {
  return applyDecorators(SetMetadata(PUBLIC, true), ApiExtension('x-public', true));
}

export const ROLES = 'latchkey:roles';

/** Demands that the caller has at least one of these roles. */
export function Roles(...roles: [string, ...string[]]): ClassDecorator & MethodDecorator {
  return applyDecorators(SetMetadata(ROLES, roles), ApiExtension('x-roles', roles));
}

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

/** The verified caller, as a handler's parameter. On a public route there is none: 401. */
export const CurrentUser = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal => {
    const { principal } = context.switchToHttp().getRequest<GuardedRequest>();
    if (principal === undefined) throw accessErrors.unauthenticated();
    return principal;
  },
);
