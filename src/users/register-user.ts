import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../audit/actor.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { PasswordPolicy } from '../passwords/password-policy.js';
import { DEFAULT_ROLE } from '../roles/role-name.js';
import { insertUser } from './insert-user.js';
import type { UserProfile } from './user-profile.js';

export interface Registration {
  readonly email: string;
  readonly password: string;
  readonly name?: string | null;
}

@Injectable()
export class RegisterUser {
  constructor(
    private readonly dataSource: DataSource,
    private readonly policy: PasswordPolicy,
    private readonly hasher: PasswordHasher,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * An active account with the role `user`. The password is hashed before anybody looks whether
   * the address is taken, so that the time does not tell.
   *
   * @throws LatchkeyError `request.invalid` naming `password`, `passwords.check_unavailable`,
   *   `auth.busy`, `users.email_taken`
   */
  async register(
    { email, password, name = null }: Registration,
    actor: Actor,
  ): Promise<UserProfile> {
    await this.policy.require('password', password, { email, name });
    const passwordHash = await this.hasher.hash(password);
    return this.dataSource.transaction(async (manager) => {
      const user = await insertUser(manager, {
        email,
        emailVerified: false,
        name,
        passwordHash,
        roles: [DEFAULT_ROLE],
      });
      await this.audit.record(manager, {
        action: 'user.registered',
        actor,
        target: { type: 'user', id: user.id },
      });
      return user;
    });
  }
}
