import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { decodeCursor, type Page, toPage, UUID_KEY } from '../../platform/http/answers/page.js';
import { emailKey } from '../../platform/http/validation/email-address.js';
import { PROFILE_COLUMNS, type ProfileRow, toProfile } from './profile-row.js';
import type { UserProfile } from './user-profile.js';
import type { ListUsersQuery } from './users.dto.js';
import { usersErrors } from './users.errors.js';

/** The accounts as their owners and admins see them. */
@Injectable()
export class UserDirectory {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * @param manager of a transaction that the profile is to be read in
   * @throws LatchkeyError `users.not_found`
   */
  async getProfile(
    userId: string,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<UserProfile> {
    const [row]: ProfileRow[] = await manager.query(
      `SELECT ${PROFILE_COLUMNS} FROM users u WHERE u.id = $1`,
      [userId],
    );
    if (row === undefined) throw usersErrors.notFound();
    return toProfile(row);
  }

  /** Newest first. */
  async list({ email, status, limit, cursor }: ListUsersQuery): Promise<Page<UserProfile>> {
    const prefix = email === undefined ? null : `${escapeLike(emailKey(email))}%`;
    const before = cursor === undefined ? null : decodeCursor(cursor, UUID_KEY);
    const rows: ProfileRow[] = await this.dataSource.query(
      `SELECT ${PROFILE_COLUMNS} FROM users u
       WHERE ($1::text IS NULL OR u.email_key LIKE $1)
         AND ($2::text IS NULL OR u.status = $2)
         AND ($3::uuid IS NULL OR u.id < $3)
       ORDER BY u.id DESC LIMIT $4`,
      [prefix, status ?? null, before, limit + 1],
    );
    return toPage(rows, limit, (row) => row.id, toProfile);
  }
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
