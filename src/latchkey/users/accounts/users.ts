import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import {
  type PreparedStatement,
  PreparedStatements,
} from '../../platform/database/connection/prepared-statements.js';
import { emailKeys } from '../../platform/http/validation/email-address.js';
import { FACTS_COLUMNS, type FactsRow, toUserWithFacts, type UserWithFacts } from './facts-row.js';
import type { SignInAccount } from './sign-in-account.js';

/** What the flows of signing in and staying in ask of accounts. Nothing here is for admins. */
@Injectable()
export class Users {
  constructor(
    private readonly dataSource: DataSource,
    private readonly statements: PreparedStatements,
  ) {}

  /** By any spelling of its address; one from before spellings were one goes by its own first. */
  async findForSignIn(email: string): Promise<SignInAccount | null> {
    const keys = emailKeys(email);
    const accounts: (SignInAccount & { key: string })[] = await this.dataSource.query(
      `SELECT email_key AS key, ${ACCOUNT_COLUMNS} FROM users WHERE email_key = ANY($1)`,
      [keys],
    );
    return accounts.sort((a, b) => keys.indexOf(a.key) - keys.indexOf(b.key))[0] ?? null;
  }

  async findAccountById(userId: string): Promise<SignInAccount | null> {
    const [account]: SignInAccount[] = await this.dataSource.query(
      `SELECT ${ACCOUNT_COLUMNS} FROM users WHERE id = $1`,
      [userId],
    );
    return account ?? null;
  }

  /**
   * Whether the account may still be signed in to as it was when it was read: active, and the
   * password not replaced since. True holds until the transaction ends, for disabling, deleting
   * and changing the password wait for it, and then end the session that it began.
   *
   * @param manager of the transaction that inserts the session
   */
  async lockForSignIn(
    manager: EntityManager,
    account: Pick<SignInAccount, 'id' | 'passwordVersion'>,
  ): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `SELECT 1 FROM users
       WHERE id = $1 AND status = 'active' AND password_version = $2 FOR SHARE`,
      [account.id, account.passwordVersion],
    );
    return rows.length === 1;
  }

  /** Keeps a better hash of the same password, unless the stored one has changed meanwhile. */
  async replaceHash(account: SignInAccount, betterHash: string): Promise<void> {
    await this.dataSource.query(
      'UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2',
      [account.id, account.passwordHash, betterHash],
    );
  }

  /** The user, what it may do and both versions that date it, in one statement: one snapshot. */
  async findFacts(userId: string, manager?: EntityManager): Promise<UserWithFacts | null> {
    const [row]: FactsRow[] =
      manager === undefined
        ? await this.statements.query<FactsRow>(FACTS, [userId])
        : await manager.query(FACTS.text, [userId]);
    return row === undefined ? null : toUserWithFacts(row);
  }
}

const ACCOUNT_COLUMNS = `id, email, name, status, email_verified AS "emailVerified",
  password_hash AS "passwordHash", password_version AS "passwordVersion"`;

const FACTS: PreparedStatement = {
  name: 'find-user-facts',
  text: `SELECT ${FACTS_COLUMNS} FROM users u WHERE u.id = $1`,
};
