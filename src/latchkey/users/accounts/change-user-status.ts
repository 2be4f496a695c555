import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { RoleAssignments } from '../../roles/role-assignments.js';
import { RoleDefinitions } from '../../roles/role-definitions.js';
import { Revocations } from '../../tokens/revocation/revocations.js';
import { SessionEnder } from '../../tokens/sessions/session-ender.js';
import { ActiveAdmins } from './active-admins.js';
import { UserDirectory } from './user-directory.js';
import type { UserProfile } from './user-profile.js';
import type { ChangeUserStatusBody } from './users.dto.js';

/** Disables an account, which ends its sessions at once on every instance, or enables it again. */
@Injectable()
export class ChangeUserStatus {
  constructor(
    private readonly revocations: Revocations,
    private readonly definitions: RoleDefinitions,
    private readonly assignments: RoleAssignments,
    private readonly admins: ActiveAdmins,
    private readonly sessionEnder: SessionEnder,
    private readonly directory: UserDirectory,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Disabling ends every session of the user at once. The row is changed before the sessions are
   * ended, so that a sign-in at the same moment is either among them or refused.
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
      const [changed]: [unknown[], number] = await manager.query(
        `UPDATE users SET status = $2, updated_at = clock_timestamp()
         WHERE id = $1 AND status <> $2 RETURNING id`,
        [userId, status],
      );
      if (changed.length === 0) return this.directory.getProfile(userId, manager);

      if (disabling) {
        await this.sessionEnder.endAllOfUser(transaction, userId, {
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
