import { permissionsCover } from '../access/permission.js';
import { DEFAULT_ROLE } from './role-name.js';
import { rolesErrors } from './roles.errors.js';

/** What somebody holds at this moment, as the database says and no token. */
export interface HeldAuthority {
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
}

/** @throws LatchkeyError `roles.escalation` unless every one of the permissions is held */
export function requireHeldPermissions(held: HeldAuthority, permissions: readonly string[]): void {
  const missing = permissions.filter((wanted) => !permissionsCover(held.permissions, [wanted]));
  if (missing.length === 0) return;
  throw rolesErrors.escalation({ detail: `You do not hold: ${missing.join(', ')}.` });
}

/**
 * A role is held by whoever has it, and by whoever holds all that it permits. A role without
 * permissions still opens routes that name it, so only those who have it, and admins, can give it.
 *
 * @throws LatchkeyError `roles.escalation` unless every one of the roles is held
 */
export function requireHeldRoles(
  held: HeldAuthority,
  roles: readonly { readonly name: string; readonly permissions: readonly string[] }[],
): void {
  const missing = roles.filter((role) => !holdsRole(held, role.name, role.permissions));
  if (missing.length === 0) return;
  const names = missing.map((role) => role.name).join(', ');
  throw rolesErrors.escalation({ detail: `You do not hold what these roles carry: ${names}.` });
}

function holdsRole(held: HeldAuthority, name: string, permissions: readonly string[]): boolean {
  if (held.roles.includes(name) || held.permissions.includes('*')) return true;
  if (permissions.length === 0) return name === DEFAULT_ROLE;
  return permissionsCover(held.permissions, permissions);
}
