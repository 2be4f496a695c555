import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';

export const ROLES = 'latchkey:roles';

/** Demands that the caller has at least one of these roles. */
export function Roles(...roles: [string, ...string[]]): ClassDecorator & MethodDecorator {
  return applyDecorators(SetMetadata(ROLES, roles), ApiExtension('x-roles', roles));
}
