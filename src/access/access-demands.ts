import type { ExecutionContext } from '@nestjs/common';
import { permissionsCover } from './permission.js';
import type { Principal } from './principal.js';
import { PUBLIC } from './public.js';
import { PERMISSIONS } from './require-permissions.js';
import { ROLES } from './roles.js';

/** What a route demands of its caller. What its controller demands is demanded too. */
export interface AccessDemands {
  readonly public: boolean;
  /** Of each list the caller must have one role. */
  readonly roles: readonly (readonly string[])[];
  readonly permissions: readonly string[];
}

// biome-ignore lint/complexity/noBannedTypes: handlers and controllers are functions to Nest
type Decorated = Function;

const known = new WeakMap<Decorated, WeakMap<Decorated, AccessDemands>>();

/** Read from the decorators once per route, then remembered. */
export function demandsOf(context: ExecutionContext): AccessDemands {
  const handler = context.getHandler();
  const controller = context.getClass();
  return known.get(controller)?.get(handler) ?? learnDemands(controller, handler);
}

function learnDemands(controller: Decorated, handler: Decorated): AccessDemands {
  const demands = readDemands(controller, handler);
  const ofController = known.get(controller) ?? new WeakMap<Decorated, AccessDemands>();
  known.set(controller, ofController.set(handler, demands));
  return demands;
}

export function readDemands(controller: Decorated, handler: Decorated): AccessDemands {
  const read = <T>(key: string, target: Decorated): T | undefined =>
    Reflect.getMetadata(key, target);
  const both = <T>(key: string) =>
    [read<T>(key, controller), read<T>(key, handler)].filter((found) => found !== undefined);
  const handlerDemands = [ROLES, PERMISSIONS].some((key) => read(key, handler) !== undefined);
  const isPublic =
    read(PUBLIC, handler) === true || (read(PUBLIC, controller) === true && !handlerDemands);
  return {
    public: isPublic,
    roles: isPublic ? [] : both<string[]>(ROLES),
    permissions: isPublic ? [] : both<string[]>(PERMISSIONS).flat(),
  };
}

export function meets(principal: Principal, demands: AccessDemands): boolean {
  for (const anyOf of demands.roles) {
    if (!anyOf.some((role) => principal.roles.includes(role))) return false;
  }
  return permissionsCover(principal.permissions, demands.permissions);
}
