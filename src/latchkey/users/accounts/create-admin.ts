import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { OPERATOR } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { DefaultRole } from '../../roles/default-role.js';
import { RoleDefinitions } from '../../roles/role-definitions.js';
import { ADMIN_ROLE } from '../../roles/role-name.js';
import { OPERATOR_LANE } from '../passwords/hashing/password-check.js';
import { PasswordHasher } from '../passwords/hashing/password-hasher.js';
import { PasswordPolicy } from '../passwords/password-policy.js';
import { ActiveAdmins } from './active-admins.js';
import { UserStore } from './store/user-store.js';
import { UserProfile } from './users.dto.js';
import { usersErrors } from './users.errors.js';

/** For whoever has just made an admin. */
export const HOW_TO_ENROL =
  'Its password alone opens everything until it has a second factor: add one after the first sign-in, on the page of the account or at POST /auth/factors/totp, and then have the role demand it: roles change admin --required-acr aal2';

/**
 * Makes admins at the word of the server's operator alone: no route leads here.
 * Only new accounts: to make an existing one an admin would trust the person who registered its address.
 */
@Injectable()
export class CreateAdmin {
  constructor(
    private readonly dataSource: DataSource,
    private readonly definitions: RoleDefinitions,
    private readonly policy: PasswordPolicy,
    private readonly hasher: PasswordHasher,
    private readonly store: UserStore,
    private readonly admins: ActiveAdmins,
    private readonly audit: AuditTrail,
    private readonly defaultRole: DefaultRole,
  ) {}

  /** @throws LatchkeyError `request.invalid` naming `password`, `users.email_taken` */
  async create(email: string, password: string): Promise<UserProfile> {
    const passwordHash = await this.hash(email, password);
    return this.dataSource.transaction((manager) => this.insert(manager, email, passwordHash));
  }

  /**
   * Does nothing and returns null when there is an admin already. Several instances that start
   * together make one admin.
   *
   * @throws LatchkeyError `request.invalid` naming `password`, `users.email_taken`
   */
  async createFirst(email: string, password: string): Promise<UserProfile | null> {
    if (await this.admins.exist(this.dataSource.manager)) return null;
    const passwordHash = await this.hash(email, password);
    return this.dataSource.transaction(async (manager) => {
      await this.definitions.lock(manager);
      if (await this.admins.exist(manager)) return null;
      return this.insert(manager, email, passwordHash);
    });
  }

  private async hash(email: string, password: string): Promise<string> {
    await this.policy.require('password', password, { email });
    return this.hasher.hash(password, OPERATOR_LANE);
  }

  private async insert(
    manager: EntityManager,
    email: string,
    passwordHash: string,
  ): Promise<UserProfile> {
    const admin = await this.store.insert(manager, {
      email,
      emailVerified: true,
      name: null,
      passwordHash,
      roles: [ADMIN_ROLE, this.defaultRole.name],
    });
    if (admin === null) throw usersErrors.emailTaken();
    await this.audit.record(manager, {
      action: 'admin.bootstrapped',
      actor: OPERATOR,
      target: { type: 'user', id: admin.id },
    });
    return UserProfile.of(admin);
  }
}
