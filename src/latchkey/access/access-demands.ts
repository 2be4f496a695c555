import type { AssuranceDemand } from './assurance.js';
import { permissionsCover } from './permission.js';
import type { Principal } from './principal.js';

/** What a route demands of its caller: all that is demanded anywhere for it, taken together. */
export interface AccessDemands {
  readonly public: boolean;
  /** Of each list the caller must have one role. */
  readonly roles: readonly (readonly string[])[];
  readonly permissions: readonly string[];
  /** What the client must have been granted. */
  readonly scopes: readonly string[];
  readonly assurance: AssuranceDemand;
  /** A sign-in that is as fresh as `FRESH_SIGN_IN_SECONDS` says. */
  readonly freshSignIn: boolean;
}

export const NO_DEMANDS: AccessDemands = {
  public: false,
  roles: [],
  permissions: [],
  scopes: [],
  assurance: {},
  freshSignIn: false,
};

/** Whether the client that calls has been granted every scope that is demanded: claim `scope`. */
export function hasScopes(
  { claims }: Pick<Principal, 'claims'>,
  demanded: readonly string[],
): boolean {
  if (demanded.length === 0) return true;
  const granted = typeof claims.scope === 'string' ? claims.scope.split(' ') : [];
  return demanded.every((name) => granted.includes(name));
}

/** Whether a caller has the roles and permissions that are demanded. */
export function meets(
  principal: Pick<Principal, 'roles' | 'permissions'>,
  demands: AccessDemands,
): boolean {
  for (const anyOf of demands.roles) {
    if (!anyOf.some((role) => principal.roles.includes(role))) return false;
  }
  return permissionsCover(principal.permissions, demands.permissions);
}
