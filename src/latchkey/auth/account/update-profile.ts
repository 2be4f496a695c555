import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { UserStore } from '../../users/accounts/store/user-store.js';
import { UserDirectory } from '../../users/accounts/user-directory.js';
import type { UpdateProfileBody, UserProfile } from '../../users/accounts/users.dto.js';

@Injectable()
export class UpdateProfile {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: UserStore,
    private readonly directory: UserDirectory,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws LatchkeyError `users.not_found` */
  update(userId: string, change: UpdateProfileBody, actor: Actor): Promise<UserProfile> {
    return this.dataSource.transaction(async (manager) => {
      const fields = await this.store.changeProfile(manager, userId, change);
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
