import {
  type AssuranceLevel,
  DEMANDABLE_LEVELS,
  type DemandableLevel,
  reaches,
} from '../../access/assurance.js';
import type { AuthorizationFacts } from './access-token-claims.js';

/** A role that is held, and that a session has only if it reaches the level. */
export interface DemandingRole {
  readonly name: string;
  readonly requiredAcr: DemandableLevel;
  readonly permissions: readonly string[];
}

/** What somebody holds, whatever a session of theirs has shown; read in one snapshot. */
export interface HeldFacts
  extends Pick<AuthorizationFacts, 'userId' | 'userVersion' | 'rolesVersion'> {
  /** The names of all. */
  readonly roles: readonly string[];
  /** Of the roles that demand nothing. */
  readonly permissions: readonly string[];
  /** Those of the roles that demand something. */
  readonly demanding: readonly DemandingRole[];
}

/**
 * What a session of this level may do: roles that demand more are withheld, with all that they alone
 * permit.
 *
 * @param acr null of a service, which has shown nothing
 */
export function authorityOfSession(
  held: HeldFacts,
  acr: AssuranceLevel | null,
): AuthorizationFacts {
  const { demanding, ...facts } = held;
  const isMet = ({ requiredAcr }: DemandingRole) => reaches(acr ?? 'aal1', requiredAcr);
  const withheld = demanding.filter((role) => !isMet(role));
  const names = withheld.map(({ name }) => name);
  const given = demanding.filter(isMet).flatMap((role) => role.permissions);
  const permissions =
    given.length === 0
      ? [...held.permissions]
      : [...new Set([...held.permissions, ...given])].sort();
  return {
    ...facts,
    roles: held.roles.filter((name) => !names.includes(name)),
    permissions,
    withheld: names,
    stepUp: stepUpOf(withheld, permissions),
  };
}

/** Each permission once, at the least level that gives it, and none that the session has. */
function stepUpOf(
  withheld: readonly DemandingRole[],
  permissions: readonly string[],
): AuthorizationFacts['stepUp'] {
  const known = new Set(permissions);
  const stepUp: Partial<Record<DemandableLevel, string[]>> = {};
  for (const level of DEMANDABLE_LEVELS) {
    const roles = withheld.filter(({ requiredAcr }) => requiredAcr === level);
    if (roles.length === 0) continue;
    const more = new Set(
      roles.flatMap((role) => role.permissions.filter((one) => !known.has(one))),
    );
    for (const permission of more) known.add(permission);
    stepUp[level] = [...roles.map(({ name }) => name), ...more];
  }
  return stepUp;
}
