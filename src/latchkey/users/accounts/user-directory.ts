import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { decodeCursor, type Page, toPage, UUID_KEY } from '../../platform/http/answers/page.js';
import { emailKey } from '../../platform/http/validation/email-address.js';
import { firstSessionIdAt } from '../../tokens/sessions/store/session-conditions.js';
import { IdentityStore } from '../identities/identity-store.js';
import { UserSearchStore } from './store/user-search-store.js';
import { UserStore } from './store/user-store.js';
import { type ListUsersQuery, UserDetails, UserProfile } from './users.dto.js';
import { usersErrors } from './users.errors.js';

/** The accounts as their owners and admins see them. */
@Injectable()
export class UserDirectory {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: UserStore,
    private readonly search: UserSearchStore,
    private readonly identities: IdentityStore,
  ) {}

  /**
   * @param manager of a transaction that the profile is to be read in
   * @throws LatchkeyError `users.not_found`
   */
  async getProfile(
    userId: string,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<UserProfile> {
    const row = await this.store.findProfile(manager, userId);
    if (row === null) throw usersErrors.notFound();
    return UserProfile.of(row);
  }

  /** @throws LatchkeyError `users.not_found` */
  async getDetails(userId: string): Promise<UserDetails> {
    const profile = await this.getProfile(userId);
    return UserDetails.with(profile, await this.identities.list(this.dataSource.manager, userId));
  }

  /** Newest first. */
  async list(query: ListUsersQuery): Promise<Page<UserProfile>> {
    const { email, status, role, secondFactor, provider, search, limit, cursor } = query;
    const { signedInAfter, signedInBefore } = query;
    const conditions = {
      emailKeyPrefix: email === undefined ? null : emailKey(email),
      status: status ?? null,
      role: role ?? null,
      secondFactor: secondFactor ?? null,
      part: search ?? null,
      hasSessionFrom: signedInAfter === undefined ? null : firstSessionIdAt(signedInAfter),
      hasNoSessionFrom: signedInBefore === undefined ? null : firstSessionIdAt(signedInBefore),
      provider: provider ?? null,
      beforeId: cursor === undefined ? null : decodeCursor(cursor, UUID_KEY),
    };
    const { manager } = this.dataSource;
    const rows = await this.search.findProfiles(manager, conditions, limit + 1);
    return toPage(rows, limit, ({ id }) => id, UserProfile.of);
  }
}
