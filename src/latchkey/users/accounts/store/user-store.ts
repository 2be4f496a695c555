import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { changesOne } from '../../../platform/database/changes-one.js';
import { columnsOf } from '../../../platform/database/columns-of.js';
import { requestErrors } from '../../../platform/errors/request.errors.js';
import { emailKey, readPlainAddress } from '../../../platform/http/validation/email-address.js';
import { User, type UserStatus } from '../user.entity.js';

const PROFILE = ['id', 'email', 'emailVerified', 'name', 'locale', 'status', 'createdAt'] as const;

/** An account as its owner and admins may see it. */
export interface ProfileRow extends Pick<User, (typeof PROFILE)[number]> {
  readonly roles: string[];
}

/** Selects a `ProfileRow` from `users u`. */
export const PROFILE_COLUMNS = `${columnsOf(User, 'u', PROFILE)},
  ARRAY(SELECT role_name FROM user_roles WHERE user_id = u.id ORDER BY role_name) AS roles`;

export interface NewUser extends Pick<User, 'email' | 'emailVerified' | 'name'> {
  /** Null: the owner sets one by the mail of the invitation. */
  readonly passwordHash: string | null;
  readonly locale?: string | null;
  readonly roles: readonly string[];
}

/** What an owner may change; what is absent stays. */
export type ProfileChange = Partial<Pick<User, 'name' | 'locale'>>;
const PROFILE_FIELDS = ['name', 'locale'] as const;

const UNFIT_EMAIL = { field: 'email', message: 'email must be an e-mail address' };

/** Unless another account may take the address back (`AddressStore`). */
const GIVE_ROLES = `
  WITH reserved AS (
    SELECT FROM former_addresses WHERE email_key = $3 AND reserved_until > clock_timestamp()
  ), given AS (
    INSERT INTO user_roles (user_id, role_name)
    SELECT $1, unnest($2::text[]) WHERE NOT EXISTS (SELECT FROM reserved)
  )
  SELECT EXISTS (SELECT FROM reserved) AS reserved`;

/**
 * The table `users`: the accounts and their profiles. Lists of them are in `UserSearchStore`, passwords in
 * `CredentialStore`, what an account may do in `UserAuthorityStore`, what goes through the whole table in
 * `UserBatchStore`; no other file has a statement on it.
 */
@Injectable()
export class UserStore {
  async findProfile(manager: EntityManager, userId: string): Promise<ProfileRow | null> {
    const [row] = await manager.query<ProfileRow[]>(
      `SELECT ${PROFILE_COLUMNS} FROM users u WHERE u.id = $1`,
      [userId],
    );
    return row ?? null;
  }

  /** The account that has an address in exactly this spelling or one that counts as the same. */
  async findHolderId(manager: EntityManager, email: string): Promise<string | null> {
    const [row] = await manager.query<Pick<User, 'id'>[]>(
      `SELECT id FROM users WHERE email_key = $1
       UNION ALL SELECT user_id FROM former_addresses
       WHERE email_key = $1 AND reserved_until > clock_timestamp() LIMIT 1`,
      [emailKey(email)],
    );
    return row?.id ?? null;
  }

  /**
   * Inserts the account and its roles. The unique key of the address decides which of several at once
   * gets it, and those who come later wait for its transaction.
   *
   * @returns null when the address is taken, or another account may take it back
   * @throws LatchkeyError `request.invalid` naming `email` when it is not plain
   */
  async insert(manager: EntityManager, user: NewUser): Promise<ProfileRow | null> {
    const { emailVerified, name, locale = null, passwordHash, roles } = user;
    const email = readPlainAddress(user.email)?.text;
    if (email === undefined) throw requestErrors.invalid({ fields: [UNFIT_EMAIL] });
    const [created] = await manager.query<Pick<User, 'id' | 'status' | 'createdAt'>[]>(
      `INSERT INTO users AS u (id, email, email_key, email_verified, name, locale, password_hash)
       SELECT $1::uuid, $2::text, $3::text, $4::boolean, $5::text, $6::text, $7::text
       WHERE NOT EXISTS (SELECT FROM former_addresses
         WHERE email_key = $3 AND reserved_until > clock_timestamp())
       ON CONFLICT (email_key) DO NOTHING
       RETURNING ${columnsOf(User, 'u', ['id', 'status', 'createdAt'])}`,
      [uuidv7(), email, emailKey(email), emailVerified, name, locale, passwordHash],
    );
    if (created === undefined) return null;
    // In a snapshot of its own: the account that gave the address up may have done so a moment ago.
    const [reservation] = await manager.query<{ reserved: boolean }[]>(GIVE_ROLES, [
      created.id,
      roles,
      emailKey(email),
    ]);
    if (reservation?.reserved === true) {
      await this.delete(manager, created.id);
      return null;
    }
    return { ...created, email, emailVerified, name, locale, roles: [...roles] };
  }

  /** Changes what is given; returns which of it was not so already, none where there is no such account. */
  async changeProfile(
    manager: EntityManager,
    userId: string,
    { name, locale }: ProfileChange,
  ): Promise<(keyof ProfileChange)[]> {
    const [changed] = await manager.query<[Record<keyof ProfileChange, boolean>[], number]>(
      `UPDATE users u SET name = CASE WHEN $2 THEN $3 ELSE u.name END,
         locale = CASE WHEN $4 THEN $5 ELSE u.locale END, updated_at = clock_timestamp()
       FROM (SELECT id, name, locale FROM users WHERE id = $1 FOR NO KEY UPDATE) AS former
       WHERE u.id = former.id AND ($2 AND former.name IS DISTINCT FROM $3
         OR $4 AND former.locale IS DISTINCT FROM $5)
       RETURNING u.name IS DISTINCT FROM former.name AS name,
         u.locale IS DISTINCT FROM former.locale AS locale`,
      [userId, name !== undefined, name ?? null, locale !== undefined, locale ?? null],
    );
    const [row] = changed;
    if (row === undefined) return [];
    return PROFILE_FIELDS.filter((field) => row[field]);
  }

  /**
   * Waits for the sign-ins that hold the row (`CredentialStore.lockForSignIn`), and those after it see
   * the new status: end the sessions after this, in the same transaction, and none is missed.
   *
   * @returns false, and nothing changed, when that is the status already
   */
  changeStatus(manager: EntityManager, userId: string, status: UserStatus): Promise<boolean> {
    return changesOne(
      manager,
      `UPDATE users SET status = $2, updated_at = clock_timestamp()
       WHERE id = $1 AND status <> $2 RETURNING id`,
      [userId, status],
    );
  }

  /**
   * Waits for the sign-ins that hold the row; those after it wait until the transaction ends. Call it
   * before the sessions are ended and the account is deleted.
   *
   * @returns whether there is such an account
   */
  async lockForDeletion(manager: EntityManager, userId: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>('SELECT 1 FROM users WHERE id = $1 FOR UPDATE', [
      userId,
    ]);
    return rows.length > 0;
  }

  /** With all that refers to the account by a foreign key that cascades. */
  async delete(manager: EntityManager, userId: string): Promise<void> {
    await manager.query('DELETE FROM users WHERE id = $1', [userId]);
  }
}
