import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { Outbox } from '../../platform/outbox/outbox.js';
import { UserErasures } from '../../platform/persons/user-erasures.js';
import { findProvided } from '../../platform/ports/find-provided.js';
import { RoleAssignments } from '../../roles/role-assignments.js';
import { RoleDefinitions } from '../../roles/role-definitions.js';
import { Revocations } from '../../tokens/revocation/revocations.js';
import { SessionEnder } from '../../tokens/sessions/session-ender.js';
import { ActiveAdmins } from './active-admins.js';
import { DeletionNotice } from './deletion-notice.js';
import { UserStore } from './store/user-store.js';
import { UserDirectory } from './user-directory.js';
import { usersErrors } from './users.errors.js';

@Injectable()
export class DeleteUser implements OnModuleInit {
  private notices: readonly DeletionNotice[] = [];

  constructor(
    private readonly revocations: Revocations,
    private readonly definitions: RoleDefinitions,
    private readonly assignments: RoleAssignments,
    private readonly admins: ActiveAdmins,
    private readonly ender: SessionEnder,
    private readonly store: UserStore,
    private readonly directory: UserDirectory,
    private readonly audit: AuditTrail,
    private readonly outbox: Outbox,
    private readonly erasures: UserErasures,
    private readonly discovery: DiscoveryService,
  ) {}

  onModuleInit(): void {
    this.notices = findProvided(this.discovery, DeletionNotice);
  }

  /**
   * Ends every session of the user and deletes the account with all that hangs on it, at the word of its
   * owner or of an admin who may act on it. A mail tells the owner; features erase the rest (`EraseUser`).
   * What the audit trail holds stays: ids, where requests came from, no address of a mailbox and no name.
   *
   * @param languages `Accept-Language`, where it is the owner's
   * @throws LatchkeyError `users.not_found`, `roles.escalation`, `roles.last_admin`
   */
  delete(userId: string, actor: Actor, languages?: string): Promise<void> {
    return this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      await this.definitions.lock(manager);
      const { roles } = await this.directory.getProfile(userId, manager);
      if (actor.userId !== userId) await this.assignments.authorize(manager, roles, actor);
      await this.admins.requireAnotherThan(manager, userId);
      const found = await this.store.lockForDeletion(manager, userId);
      const account = found ? await this.store.findProfile(manager, userId) : null;
      if (account === null) throw usersErrors.notFound();

      await this.ender.endAllOfUser(transaction, userId, { reason: 'user_deleted', actor });
      await this.audit.record(manager, {
        action: 'user.deleted',
        actor,
        target: { type: 'user', id: userId },
      });
      await this.outbox.forget(manager, userId);
      for (const notice of this.notices) await notice.put(manager, account, actor, languages);
      await this.erasures.put(manager, userId);
      await this.store.delete(manager, userId);
    });
  }
}
