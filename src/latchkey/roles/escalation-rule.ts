import { accessErrors } from '../access/access.errors.js';
import { DEMANDABLE_LEVELS, type DemandableLevel, reaches } from '../access/assurance.js';
import { insufficientAssurance } from '../access/insufficient-assurance.js';
import { permissionsCover } from '../access/permission.js';
import { rolesErrors } from './roles.errors.js';

/**
 * The rule of who may act on whom (docs/authority.md), as pure functions. Routes, here and in
 * services unknown to this one, may demand a role by its name, so what a role gives is both: its
 * name and what it permits.
 */

/** What somebody holds at this moment, as the database says and no token. */
export interface HeldAuthority {
  /** Those held and the one that every new account gets; none when no role is held. */
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  /** Roles that are held and do not count, since the session has shown less than they demand. */
  readonly withheld?: readonly WithheldRole[];
}

/** A role as it is, or as it is to become. */
export interface RoleState {
  readonly name: string;
  readonly permissions: readonly string[];
}

/** A role that counts once the session reaches a level. */
export interface WithheldRole extends RoleState {
  readonly requiredAcr: DemandableLevel;
}

/** Covers every permission and every name. */
export const EVERYTHING = '*';

/**
 * Whether somebody holds a role as a pair, or `*`. The name of the role that every new
 * account gets counts as held: anybody who registers has it.
 */
export function canGive(held: HeldAuthority, role: RoleState): boolean {
  return missingFrom(held, role).length === 0;
}

/**
 * Call it with every role that an act touches, in its former and in its new state: of an account
 * that is acted on, all that it holds and all that it is to hold.
 *
 * @throws LatchkeyError `roles.escalation` unless each of them could be given; also when nothing at
 *   all is held, as by an account that has been disabled or deleted meanwhile;
 *   `access.assurance_insufficient` where stepping up would do (RFC 9470)
 */
export function requireGivable(held: HeldAuthority, roles: readonly RoleState[]): void {
  if (held.roles.length === 0 && !held.permissions.includes(EVERYTHING)) {
    throw rolesErrors.escalation({ detail: 'You hold no role any more.' });
  }
  const missing = new Set(roles.flatMap((role) => missingFrom(held, role)));
  if (missing.size === 0) return;
  requireNoStepUp(held, (raised) => roles.every((role) => canGive(raised, role)));
  throw rolesErrors.escalation({ detail: `You do not hold: ${[...missing].join(', ')}.` });
}

/**
 * For what could act as anybody, administrators included.
 *
 * @throws LatchkeyError `roles.escalation`, or `access.assurance_insufficient` where stepping up would do
 */
export function requireEverything(held: HeldAuthority): void {
  const holdsAll = ({ permissions }: HeldAuthority) => permissions.includes(EVERYTHING);
  if (holdsAll(held)) return;
  requireNoStepUp(held, holdsAll);
  throw rolesErrors.escalation({ detail: `It takes the permission ${EVERYTHING}.` });
}

/** Asks for the least level at which what is held would do, if there is one. */
function requireNoStepUp(held: HeldAuthority, wouldDo: (raised: HeldAuthority) => boolean): void {
  const acr = DEMANDABLE_LEVELS.find((level) => wouldDo(raisedTo(level, held)));
  if (acr !== undefined) throw insufficientAssurance(accessErrors.assuranceInsufficient, { acr });
}

function raisedTo(
  level: DemandableLevel,
  { roles, permissions, withheld = [] }: HeldAuthority,
): HeldAuthority {
  const counting = withheld.filter(({ requiredAcr }) => reaches(level, requiredAcr));
  return {
    roles: [...roles, ...counting.map(({ name }) => name)],
    permissions: [...permissions, ...counting.flatMap((role) => role.permissions)],
  };
}

function missingFrom(held: HeldAuthority, { name, permissions }: RoleState): string[] {
  if (held.permissions.includes(EVERYTHING)) return [];
  const named = held.roles.includes(name);
  const uncovered = permissions.filter((one) => !permissionsCover(held.permissions, [one]));
  return named ? uncovered : [`the role ${name}`, ...uncovered];
}
