import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { changesOne } from '../../../platform/database/changes-one.js';
import { columnsOf } from '../../../platform/database/columns-of.js';
import { emailKey, emailKeys } from '../../../platform/http/validation/email-address.js';
import type { SignInAccount } from '../sign-in-account.js';
import { User } from '../user.entity.js';

const ACCOUNT = [
  'id',
  'email',
  'name',
  'locale',
  'status',
  'emailVerified',
  'passwordHash',
  'passwordVersion',
] as const;
type AccountRow = Required<Pick<User, (typeof ACCOUNT)[number]>> &
  Pick<SignInAccount, 'oldestFactorId'>;
const ACCOUNT_COLUMNS = `${columnsOf(User, 'u', ACCOUNT)},
  (SELECT f.id FROM factors f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL
   ORDER BY f.id LIMIT 1) AS "oldestFactorId"`;

/** The password that takes the place of another one; null takes it away. */
export interface NewPassword {
  readonly hash: string | null;
}

/**
 * The table `users`: passwords, and whether an address has been proved. Every change of a password
 * raises `password_version`; a better hash of the same one leaves it.
 */
@Injectable()
export class CredentialStore {
  /** By any spelling of its address; one from before spellings were one goes by its own first. */
  async findByEmail(manager: EntityManager, email: string): Promise<SignInAccount | null> {
    const keys = emailKeys(email);
    const accounts = await manager.query<(AccountRow & Pick<User, 'emailKey'>)[]>(
      `SELECT u.email_key AS "emailKey", ${ACCOUNT_COLUMNS} FROM users u WHERE u.email_key = ANY($1)`,
      [keys],
    );
    const ranked = accounts.sort((a, b) => keys.indexOf(a.emailKey) - keys.indexOf(b.emailKey));
    return ranked[0] ?? null;
  }

  async findById(manager: EntityManager, userId: string): Promise<SignInAccount | null> {
    const [account] = await manager.query<AccountRow[]>(
      `SELECT ${ACCOUNT_COLUMNS} FROM users u WHERE u.id = $1`,
      [userId],
    );
    return account ?? null;
  }

  /**
   * Whether the account is active and has the password that was read. True holds until the
   * transaction ends: changes of status and password, and deletion, wait for the row. Sign-ins of
   * one account do not wait for each other.
   */
  async lockForSignIn(
    manager: EntityManager,
    { id, passwordVersion }: Pick<SignInAccount, 'id' | 'passwordVersion'>,
  ): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `SELECT 1 FROM users
       WHERE id = $1 AND status = 'active' AND password_version = $2 FOR SHARE`,
      [id, passwordVersion],
    );
    return rows.length === 1;
  }

  /** Compare and set: keeps a better hash of the same password, unless the stored one has changed. */
  async replaceHash(
    manager: EntityManager,
    { id, passwordHash }: Pick<SignInAccount, 'id' | 'passwordHash'>,
    betterHash: string,
  ): Promise<void> {
    await manager.query(
      'UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2',
      [id, passwordHash, betterHash],
    );
  }

  /**
   * Compare and set: of two changes at once one succeeds. Waits for the sign-ins that hold the row:
   * end the sessions after this, in the same transaction, and none is missed.
   *
   * @param account as it was when the former password was checked
   * @returns false, and nothing changed, when it is not active or has another password by now
   */
  replacePassword(
    manager: EntityManager,
    { id, passwordVersion }: Pick<SignInAccount, 'id' | 'passwordVersion'>,
    hash: string,
  ): Promise<boolean> {
    return changesOne(
      manager,
      `UPDATE users SET password_hash = $3, password_version = password_version + 1,
         updated_at = clock_timestamp()
       WHERE id = $1 AND password_version = $2 AND status = 'active' RETURNING id`,
      [id, passwordVersion, hash],
    );
  }

  /** The account has no password from now on: somebody else may know it. */
  async clearPassword(manager: EntityManager, userId: string): Promise<void> {
    await manager.query(
      `UPDATE users SET password_hash = NULL, password_version = password_version + 1,
         updated_at = clock_timestamp() WHERE id = $1`,
      [userId],
    );
  }

  /** The same of an account that has the address and has never proved it; whether there was such a one. */
  clearUnproved(manager: EntityManager, userId: string, email: string): Promise<boolean> {
    return changesOne(
      manager,
      `UPDATE users SET password_hash = NULL, password_version = password_version + 1,
         updated_at = clock_timestamp()
       WHERE id = $1 AND email_key = $2 AND NOT email_verified RETURNING id`,
      [userId, emailKey(email)],
    );
  }

  /**
   * Marks the address as proved, once: of two at once one succeeds.
   *
   * @param replacement of the password, in the same statement; absent, it stays
   * @returns false, and nothing changed, when the address was proved already
   */
  markVerified(
    manager: EntityManager,
    userId: string,
    replacement?: NewPassword,
  ): Promise<boolean> {
    return changesOne(
      manager,
      `UPDATE users SET email_verified = true, updated_at = clock_timestamp(),
         password_hash = CASE WHEN $2 THEN password_hash ELSE $3 END,
         password_version = password_version + CASE WHEN $2 THEN 0 ELSE 1 END
       WHERE id = $1 AND NOT email_verified RETURNING id`,
      [userId, replacement === undefined, replacement?.hash ?? null],
    );
  }
}
