import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AssuranceOfRoles } from '../../roles/assurance-of-roles.js';
import { ADMIN_ROLE } from '../../roles/role-name.js';
import { rolesErrors } from '../../roles/roles.errors.js';
import { UserAuthorityStore } from './store/user-authority-store.js';

@Injectable()
export class ActiveAdmins {
  constructor(
    private readonly authority: UserAuthorityStore,
    private readonly assurance: AssuranceOfRoles,
  ) {}

  /**
   * Call under the lock of `RoleDefinitions`, so that two admins who demote each other at once
   * are judged one after the other.
   *
   * @throws LatchkeyError `roles.last_admin` when the user is the only active admin, or the only one
   *   who can meet what the role admin demands
   */
  async requireAnotherThan(manager: EntityManager, userId: string): Promise<void> {
    const admins = await this.authority.findActiveHolders(manager, ADMIN_ROLE, 2);
    if (admins.length === 1 && admins[0] === userId) throw rolesErrors.lastAdmin();
    await this.assurance.requireCapableAdminBesides(manager, userId);
  }

  /** Whether there is an admin at all, active or not. */
  exist(manager: EntityManager): Promise<boolean> {
    return this.authority.isHeld(manager, ADMIN_ROLE);
  }
}
