import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../audit/actor.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { emailKey } from './email-key.js';
import { UserDirectory } from './user-directory.js';
import type { UserProfile } from './user-profile.js';
import { usersErrors } from './users.errors.js';

@Injectable()
export class VerifyEmail {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: UserDirectory,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Marks the address of an account as its owner's; again, it does nothing. Call it at the word of
   * whoever has proven that they read the mail of this address. Whoever registered it signs in from
   * then on, by the password that they chose: let the owner confirm that it was them.
   *
   * @throws LatchkeyError `users.not_found`
   */
  verify(email: string, actor: Actor): Promise<UserProfile> {
    return this.dataSource.transaction(async (manager) => {
      const [account]: { id: string; emailVerified: boolean }[] = await manager.query(
        `SELECT id, email_verified AS "emailVerified" FROM users WHERE email_key = $1 FOR UPDATE`,
        [emailKey(email)],
      );
      if (account === undefined) throw usersErrors.notFound();
      if (!account.emailVerified) {
        await manager.query(
          'UPDATE users SET email_verified = true, updated_at = clock_timestamp() WHERE id = $1',
          [account.id],
        );
        await this.audit.record(manager, {
          action: 'user.email_verified',
          actor,
          target: { type: 'user', id: account.id },
        });
      }
      return this.directory.getProfile(account.id, manager);
    });
  }
}
