import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ADMIN_ROLE } from '../../roles/role-name.js';
import { rolesErrors } from '../../roles/roles.errors.js';

@Injectable()
export class ActiveAdmins {
  /**
   * Call under the lock of `RoleDefinitions`, so that two admins who demote each other at once
   * are judged one after the other.
   *
   * @throws LatchkeyError `roles.last_admin` when the user is the only active admin
   */
  async requireAnotherThan(manager: EntityManager, userId: string): Promise<void> {
    const admins: { id: string }[] = await manager.query(
      `SELECT u.id FROM user_roles held JOIN users u ON u.id = held.user_id
       WHERE held.role_name = $1 AND u.status = 'active' LIMIT 2`,
      [ADMIN_ROLE],
    );
    if (admins.length === 1 && admins[0]?.id === userId) throw rolesErrors.lastAdmin();
  }

  /** Whether anybody has the role at all, active or not. */
  async exist(manager: EntityManager): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      'SELECT 1 FROM user_roles WHERE role_name = $1 LIMIT 1',
      [ADMIN_ROLE],
    );
    return rows.length > 0;
  }
}
