import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { RoleAssignments } from '../../roles/role-assignments.js';
import { RoleDefinitions } from '../../roles/role-definitions.js';
import { Revocations, type RevokingTransaction } from '../../tokens/revocation/revocations.js';
import { SessionEnder } from '../../tokens/sessions/session-ender.js';
import { ActiveAdmins } from './active-admins.js';
import { UserStore } from './store/user-store.js';
import type { UserStatus } from './user.entity.js';
import { UserDirectory } from './user-directory.js';
import type { UserProfile } from './users.dto.js';

export interface StatusChange {
  readonly status: UserStatus;
  /** Kept in the audit trail. */
  readonly reason?: string;
}

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
  change(userId: string, change: StatusChange, actor: Actor): Promise<UserProfile> {
    return this.revocations.commit(async (transaction) => {
      await this.changeIn(transaction, userId, change, actor);
      return this.directory.getProfile(userId, transaction.manager);
    });
  }

  /** The same in the caller's transaction. */
  async changeIn(
    transaction: RevokingTransaction,
    userId: string,
    { status, reason }: StatusChange,
    actor: Actor,
  ): Promise<void> {
    const disabling = status === 'disabled';
    const { manager } = transaction;
    await this.definitions.lock(manager);
    const { roles } = await this.directory.getProfile(userId, manager);
    await this.assignments.authorize(manager, roles, actor);
    if (disabling) await this.admins.requireAnotherThan(manager, userId);
    const changed = await this.store.changeStatus(manager, userId, status);
    if (!changed) return;

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
  }
}
