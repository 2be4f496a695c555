import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { Revocations } from '../../tokens/revocation/revocations.js';
import { ChangeUserStatus } from './change-user-status.js';
import { RequireAuthority } from './require-authority.js';
import { UserStore } from './store/user-store.js';
import { UserDirectory } from './user-directory.js';
import type { ChangeUserBody, UserProfile } from './users.dto.js';

/** What an admin changes of somebody else's account. */
@Injectable()
export class ChangeUser {
  constructor(
    private readonly revocations: Revocations,
    private readonly changeStatus: ChangeUserStatus,
    private readonly authority: RequireAuthority,
    private readonly store: UserStore,
    private readonly directory: UserDirectory,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws LatchkeyError `users.not_found`, `roles.escalation`, `roles.last_admin` */
  change(
    userId: string,
    { status, reason, locale }: ChangeUserBody,
    actor: Actor,
  ): Promise<UserProfile> {
    return this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      if (status === undefined) await this.authority.requireOver(manager, userId, actor);
      else await this.changeStatus.changeIn(transaction, userId, { status, reason }, actor);
      const fields = await this.store.changeProfile(manager, userId, { locale });
      if (fields.length > 0) {
        await this.audit.record(manager, {
          action: 'user.profile_changed',
          actor,
          target: { type: 'user', id: userId },
          details: { fields },
        });
      }
      return this.directory.getProfile(userId, manager);
    });
  }
}
