import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { RoleAssignments, rolesChange } from '../../roles/role-assignments.js';
import { RoleDefinitions } from '../../roles/role-definitions.js';
import { ADMIN_ROLE } from '../../roles/role-name.js';
import { Revocations, type RevokingTransaction } from '../../tokens/revocation/revocations.js';
import { ActiveAdmins } from './active-admins.js';
import { UserAuthorityStore } from './store/user-authority-store.js';
import { UserDirectory } from './user-directory.js';
import type { UserProfile } from './users.dto.js';

/** Sets the roles of an account. Older access tokens of its user are stale at once, on every instance. */
@Injectable()
export class AssignRoles {
  constructor(
    private readonly revocations: Revocations,
    private readonly definitions: RoleDefinitions,
    private readonly assignments: RoleAssignments,
    private readonly admins: ActiveAdmins,
    private readonly authority: UserAuthorityStore,
    private readonly directory: UserDirectory,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Makes these the user's roles. Older access tokens of the user go stale on every instance; the
   * sessions live on and refresh into the new roles. What the caller holds is judged by the
   * database at that moment, whatever its token says.
   *
   * @throws LatchkeyError `users.not_found`, `request.invalid` naming `roles` (there is no such
   *   role), `roles.escalation`, `roles.last_admin`, `roles.too_large`
   */
  assign(userId: string, wanted: readonly string[], actor: Actor): Promise<UserProfile> {
    return this.revocations.commit(async (transaction) => {
      await this.assignIn(transaction, userId, wanted, actor);
      return this.directory.getProfile(userId, transaction.manager);
    });
  }

  /** The same in the caller's transaction. */
  async assignIn(
    transaction: RevokingTransaction,
    userId: string,
    wanted: readonly string[],
    actor: Actor,
  ): Promise<void> {
    const { manager } = transaction;
    await this.definitions.lock(manager);
    const { roles: current } = await this.directory.getProfile(userId, manager);
    const { given, taken } = rolesChange(current, wanted);
    await this.assignments.authorizeChange(manager, { current, wanted }, actor);
    if (given.length + taken.length === 0) return;
    if (taken.includes(ADMIN_ROLE)) await this.admins.requireAnotherThan(manager, userId);
    await this.authority.changeRoles(transaction, userId, { given, taken });
    await this.audit.record(manager, {
      action: 'user.roles_changed',
      actor,
      target: { type: 'user', id: userId },
      details: { given, taken },
    });
  }
}
