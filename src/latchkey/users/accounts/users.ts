import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { SignInAccount } from './sign-in-account.js';
import { CredentialStore } from './store/credential-store.js';
import { UserAuthorityStore, type UserWithFacts } from './store/user-authority-store.js';

/**
 * What the flows of signing in and staying in ask of accounts, a team's own among them. Nothing here
 * is for admins. Its words stay when the stores below it change.
 */
@Injectable()
export class Users {
  constructor(
    private readonly dataSource: DataSource,
    private readonly credentials: CredentialStore,
    private readonly authority: UserAuthorityStore,
  ) {}

  /** By any spelling of its address; one from before spellings were one goes by its own first. */
  findForSignIn(email: string): Promise<SignInAccount | null> {
    return this.credentials.findByEmail(this.dataSource.manager, email);
  }

  findAccountById(
    userId: string,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<SignInAccount | null> {
    return this.credentials.findById(manager, userId);
  }

  /**
   * Whether the account may still be signed in to as it was when it was read: active, and the
   * password not replaced since. True holds until the transaction ends, for disabling, deleting
   * and changing the password wait for it, and then end the session that it began.
   *
   * @param manager of the transaction that inserts the session
   */
  lockForSignIn(
    manager: EntityManager,
    account: Pick<SignInAccount, 'id' | 'passwordVersion'>,
  ): Promise<boolean> {
    return this.credentials.lockForSignIn(manager, account);
  }

  /** Keeps a better hash of the same password, unless the stored one has changed meanwhile. */
  replaceHash(account: SignInAccount, betterHash: string): Promise<void> {
    return this.credentials.replaceHash(this.dataSource.manager, account, betterHash);
  }

  /** The user, what it may do and both versions that date it, in one statement: one snapshot. */
  findFacts(userId: string, manager?: EntityManager): Promise<UserWithFacts | null> {
    return this.authority.findFacts(userId, manager);
  }
}
