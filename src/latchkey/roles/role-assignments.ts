import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../audit/actor.js';
import { requestErrors } from '../platform/errors/request.errors.js';
import { AuthorityLookup, type HeldRole } from './authority-lookup.js';
import { requireEverything, requireGivable } from './escalation-rule.js';
import { RoleSizes } from './role-sizes.js';
import { rolesErrors } from './roles.errors.js';

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

/**
 * Judges who may act on which accounts, of any kind. Every method is called under the lock of
 * `RoleDefinitions`: what the author and the account hold is judged by the database at that moment,
 * whatever a token says.
 */
@Injectable()
export class RoleAssignments {
  constructor(
    private readonly authorities: AuthorityLookup,
    private readonly sizes: RoleSizes,
  ) {}

  /**
   * Disabling, enabling, renaming or deleting an account, and seeing its secret, takes being able
   * to create it.
   *
   * @param roles all that the account holds
   * @throws LatchkeyError `roles.escalation`, `access.assurance_insufficient`
   */
  async authorize(manager: EntityManager, roles: readonly string[], actor: Actor): Promise<void> {
    await this.authorizeChange(manager, { current: roles, wanted: roles }, actor);
  }

  /**
   * Acting on what could act as anybody, administrators included, takes holding `*`.
   *
   * @throws LatchkeyError `roles.escalation`, `access.assurance_insufficient`
   */
  async requireEverything(manager: EntityManager, actor: Actor): Promise<void> {
    requireEverything(await this.authorities.heldBy(manager, actor));
  }

  /**
   * Changing the roles of an account takes being able to create it both as it was and as it
   * becomes.
   *
   * @throws LatchkeyError `request.invalid` naming `roles` (there is no such role),
   *   `roles.escalation`, `access.assurance_insufficient`, `roles.too_large`
   */
  async authorizeChange(
    manager: EntityManager,
    {
      current,
      wanted,
    }: { readonly current: readonly string[]; readonly wanted: readonly string[] },
    actor: Actor,
  ): Promise<void> {
    const touched = await manager.query<HeldRole[]>(
      'SELECT name, permissions, required_acr AS "requiredAcr" FROM roles WHERE name = ANY($1) ORDER BY name',
      [[...current, ...wanted]],
    );
    const unknown = wanted.filter((name) => touched.every((role) => role.name !== name));
    if (unknown.length > 0) {
      const message = `roles names what does not exist: ${unknown.join(', ')}`;
      throw requestErrors.invalid({ fields: [{ field: 'roles', message }] });
    }
    requireGivable(await this.authorities.heldBy(manager, actor), touched);
    const { given } = rolesChange(current, wanted);
    if (given.length === 0) return;
    this.sizes.requireFitting(touched.filter((role) => wanted.includes(role.name)));
  }

  /**
   * A service signs in nowhere, and so shows nothing that a role could demand.
   *
   * @param given roles that a service is to hold
   * @throws LatchkeyError `roles.not_for_services`
   */
  async requireFitForServices(manager: EntityManager, given: readonly string[]): Promise<void> {
    const demanding: Pick<HeldRole, 'name'>[] = await manager.query(
      'SELECT name FROM roles WHERE name = ANY($1) AND required_acr IS NOT NULL ORDER BY name',
      [given],
    );
    if (demanding.length === 0) return;
    const names = demanding.map(({ name }) => name).join(', ');
    throw rolesErrors.notForServices({ detail: `A second factor is demanded by: ${names}.` });
  }
}
