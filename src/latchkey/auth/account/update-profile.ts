import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import type { UpdateProfileBody } from '../../users/accounts/update-profile.dto.js';
import { UserDirectory } from '../../users/accounts/user-directory.js';
import type { UserProfile } from '../../users/accounts/user-profile.js';

@Injectable()
export class UpdateProfile {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: UserDirectory,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws LatchkeyError `users.not_found` */
  update(userId: string, { name }: UpdateProfileBody, actor: Actor): Promise<UserProfile> {
    if (name === undefined) return this.directory.getProfile(userId);
    return this.dataSource.transaction(async (manager) => {
      const [changed]: [unknown[], number] = await manager.query(
        `UPDATE users SET name = $2, updated_at = clock_timestamp()
         WHERE id = $1 AND name IS DISTINCT FROM $2 RETURNING id`,
        [userId, name],
      );
      if (changed.length > 0) {
        await this.audit.record(manager, {
          action: 'user.profile_changed',
          actor,
          target: { type: 'user', id: userId },
          details: { fields: ['name'] },
        });
      }
      return this.directory.getProfile(userId, manager);
    });
  }
}
