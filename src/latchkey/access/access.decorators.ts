import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  SetMetadata,
} from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { accessErrors } from './access.errors.js';
import type { AssuranceDemand } from './assurance.js';
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

export const SCOPES = 'latchkey:scopes';

/** As a challenge can name it (RFC 6749 section 3.3). */
const SCOPE = /^[!#-[\]-~]+$/;

/**
 * Demands that the client which calls has been granted every one of these scopes by its user: claim `scope`. Who has
 * not gets 403 with the scopes in the challenge (RFC 6750 section 3.1), so that the client can ask for them.
 *
 * @throws Error at start when one is not of the characters that a scope has
 */
export function RequireScopes(...scopes: [string, ...string[]]): ClassDecorator & MethodDecorator {
  const wrong = scopes.find((scope) => !SCOPE.test(scope));
  if (wrong !== undefined) throw new Error(`"${wrong}" is not a scope (RFC 6749 section 3.3).`);
  return applyDecorators(SetMetadata(SCOPES, scopes), ApiExtension('x-scopes', scopes));
}

export const ASSURANCE = 'latchkey:assurance';

/**
 * Demands that the caller has shown who they are well enough, and recently enough. Judged from the
 * claims alone. Who has not gets 401 `access.assurance_insufficient` with what would do (RFC 9470); a
 * client shows a factor at `POST /auth/step-up`, and goes on in the same session.
 *
 * @example `@RequireAssurance({ acr: 'aal2', maxAgeSeconds: 300 })`
 * @throws Error at start when nothing is demanded, or an age that is no positive whole number
 */
export function RequireAssurance(demand: AssuranceDemand): ClassDecorator & MethodDecorator {
  const { acr, maxAgeSeconds } = demand;
  if (acr === undefined && maxAgeSeconds === undefined) {
    throw new Error('@RequireAssurance() demands nothing: say acr, maxAgeSeconds or both.');
  }
  if (maxAgeSeconds !== undefined && !(Number.isSafeInteger(maxAgeSeconds) && maxAgeSeconds > 0)) {
    throw new Error(`maxAgeSeconds must be a whole number of seconds, and not ${maxAgeSeconds}.`);
  }
  return applyDecorators(
    SetMetadata(ASSURANCE, demand),
    ApiExtension('x-assurance', { acr, maxAgeSeconds }),
  );
}

export const FRESH_SIGN_IN = 'latchkey:fresh-sign-in';

/**
 * Demands that the caller has signed in, or shown a factor again, within `FRESH_SIGN_IN_SECONDS`: for
 * what a stolen access token must not do. Who has not gets 401 `auth.fresh_sign_in_required`.
 */
export function RequireFreshSignIn(): ClassDecorator & MethodDecorator {
  return applyDecorators(SetMetadata(FRESH_SIGN_IN, true), ApiExtension('x-fresh-sign-in', true));
}

/** The verified caller, as a handler's parameter. On a public route there is none: 401. */
export const CurrentUser = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal => {
    const { principal } = context.switchToHttp().getRequest<GuardedRequest>();
    if (principal === undefined) throw accessErrors.unauthenticated();
    return principal;
  },
);
