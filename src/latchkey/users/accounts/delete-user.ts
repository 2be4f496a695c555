import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { RoleAssignments } from '../../roles/role-assignments.js';
import { RoleDefinitions } from '../../roles/role-definitions.js';
import { Revocations } from '../../tokens/revocation/revocations.js';
import { SessionEnder } from '../../tokens/sessions/session-ender.js';
import { ActiveAdmins } from './active-admins.js';
import { UserStore } from './store/user-store.js';
import { UserDirectory } from './user-directory.js';
import { usersErrors } from './users.errors.js';

@Injectable()
export class DeleteUser {
  constructor(
    private readonly revocations: Revocations,
    private readonly definitions: RoleDefinitions,
    private readonly assignments: RoleAssignments,
    private readonly admins: ActiveAdmins,
    private readonly ender: SessionEnder,
    private readonly store: UserStore,
    private readonly directory: UserDirectory,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Ends every session of the user and deletes the account with all that hangs on it. What the
   * audit trail holds of it stays.
   *
   * @throws LatchkeyError `users.not_found`, `roles.escalation`, `roles.last_admin`
   */
  delete(userId: string, actor: Actor): Promise<void> {
    return this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      await this.definitions.lock(manager);
      const { roles } = await this.directory.getProfile(userId, manager);
      await this.assignments.authorize(manager, roles, actor);
      await this.admins.requireAnotherThan(manager, userId);
      const found = await this.store.lockForDeletion(manager, userId);
      if (!found) throw usersErrors.notFound();

      await this.ender.endAllOfUser(transaction, userId, { reason: 'user_deleted', actor });
      await this.audit.record(manager, {
        action: 'user.deleted',
        actor,
        target: { type: 'user', id: userId },
      });
      await this.store.delete(manager, userId);
    });
  }
}
