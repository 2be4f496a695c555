import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

const PERMISSIONS = 'permissions';

export const NeedsPermissions = (...permissions: string[]) => SetMetadata(PERMISSIONS, permissions);

@Injectable()
export class TutorialPermissionsGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    const needed = this.reflector.getAllAndOverride<string[]>(PERMISSIONS, targets) ?? [];
    const { user } = context.switchToHttp().getRequest<{ user: { permissions: string[] } }>();
    return needed.every((permission) => user.permissions.includes(permission));
  }
}
