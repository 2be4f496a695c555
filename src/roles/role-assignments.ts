import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../audit/actor.js';
import { requestErrors } from '../errors/request.errors.js';
import { HeldAuthorities } from './held-authorities.js';
import { requireHeldRoles } from './held-authority.js';

export interface RolesChange {
  readonly given: readonly string[];
  readonly taken: readonly string[];
}

/** What has to change for somebody who holds some roles to hold others. */
export function rolesChange(current: readonly string[], wanted: readonly string[]): RolesChange {
  return {
    given: [...new Set(wanted)].filter((role) => !current.includes(role)),
    taken: current.filter((role) => !wanted.includes(role)),
  };
}

/** Judges who may give and take which roles, to and from accounts of any kind. */
@Injectable()
export class RoleAssignments {
  constructor(private readonly authorities: HeldAuthorities) {}

  /**
   * Call under the lock of `RoleDefinitions`. What the author holds is judged by the database at
   * that moment, whatever their token says.
   *
   * @throws LatchkeyError `request.invalid` naming `roles` (there is no such role),
   *   `roles.escalation`
   */
  async authorize(
    manager: EntityManager,
    { given, taken }: RolesChange,
    actor: Actor,
  ): Promise<void> {
    const touched: { name: string; permissions: string[] }[] = await manager.query(
      'SELECT name, permissions FROM roles WHERE name = ANY($1)',
      [[...given, ...taken]],
    );
    const unknown = given.filter((name) => touched.every((role) => role.name !== name));
    if (unknown.length > 0) {
      const message = `roles names what does not exist: ${unknown.join(', ')}`;
      throw requestErrors.invalid({ fields: [{ field: 'roles', message }] });
    }
    requireHeldRoles(await this.authorities.heldBy(manager, actor), touched);
  }
}
