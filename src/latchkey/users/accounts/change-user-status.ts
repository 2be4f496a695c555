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
import type { ChangeUserStatusBody, UserProfile } from './users.dto.js';

/** Disables an account, which ends its sessions at once on every instance, or enables it again. */
@Injectable()
export class ChangeUserStatus {
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
   * Disabling ends every session of the user at once; a sign-in at the same moment is either refused
   * or its session is among them.
   *
   * @throws LatchkeyError `users.not_found`, `roles.escalation`, `roles.last_admin`
   */
  change(userId: string, body: ChangeUserStatusBody, actor: Actor): Promise<UserProfile> {
    const { status, reason } = body;
    const disabling = status === 'disabled';
    return this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      await this.definitions.lock(manager);
      const { roles } = await this.directory.getProfile(userId, manager);
      await this.assignments.authorize(manager, roles, actor);
      if (disabling) await this.admins.requireAnotherThan(manager, userId);
      const changed = await this.store.changeStatus(manager, userId, status);
      if (!changed) return this.directory.getProfile(userId, manager);

      if (disabling) {
        await this.ender.endAllOfUser(transaction, userId, {
          reason: 'user_disabled',
          actor,
        });
      }
      await this.audit.record(manager, {
        action: disabling ? 'user.disabled' : 'user.enabled',
        actor,
        target: { type: 'user', id: userId },
        ...(reason !== undefined && { reason }),
      });
      return this.directory.getProfile(userId, manager);
    });
  }
}
