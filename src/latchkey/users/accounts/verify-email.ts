import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { ProvidedSecondFactors } from '../../tokens/assurance/provided-second-factors.js';
import { Revocations, type RevokingTransaction } from '../../tokens/revocation/revocations.js';
import { SessionEnder } from '../../tokens/sessions/session-ender.js';
import { IdentityStore } from '../identities/identity-store.js';
import type { Lane } from '../passwords/hashing/password-check.js';
import { PasswordHasher } from '../passwords/hashing/password-hasher.js';
import { PasswordPolicy } from '../passwords/password-policy.js';
import type { SignInAccount } from './sign-in-account.js';
import { CredentialStore } from './store/credential-store.js';
import { UserDirectory } from './user-directory.js';
import type { UserProfile } from './users.dto.js';
import { usersErrors } from './users.errors.js';
import { Users } from './users.js';

/**
 * What becomes of the password and the sessions of the person who registered the address, who need not be
 * its owner. `'keep'` says that they are the owner's: that they have typed this password where they
 * proved that they read the mail, or proved it in the browser that they registered from.
 * `'keep-password'` says so of the password alone, and ends the sessions.
 * `'clear'` leaves no password, no passkey, no identity at a provider and no second factor, and ends the sessions; a new one, which waits
 * in the lane for its hash, replaces the password and does the rest alike.
 */
export type RegisteredPassword =
  | 'keep'
  | 'keep-password'
  | 'clear'
  | { readonly replaceBy: string; readonly lane: Lane };

/** Marks an address as its owner's, and decides what becomes of the password that was registered with it. */
@Injectable()
export class VerifyEmail {
  constructor(
    private readonly users: Users,
    private readonly credentials: CredentialStore,
    private readonly secondFactors: ProvidedSecondFactors,
    private readonly identities: IdentityStore,
    private readonly policy: PasswordPolicy,
    private readonly hasher: PasswordHasher,
    private readonly revocations: Revocations,
    private readonly ender: SessionEnder,
    private readonly directory: UserDirectory,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Marks the address of an account as its owner's; again, it does nothing, to the password neither.
   * Call it at the word of a person who has proven that they read the mail of this address.
   *
   * @throws LatchkeyError `users.not_found`, and for a new password `request.invalid` naming
   *   `newPassword`, `passwords.check_unavailable`, `auth.busy`
   */
  async verify(
    email: string,
    actor: Actor,
    registeredPassword: RegisteredPassword = 'clear',
  ): Promise<UserProfile> {
    const account = await this.users.findForSignIn(email);
    if (account === null) throw usersErrors.notFound();
    return this.verifyAccount(account, actor, registeredPassword);
  }

  /**
   * The same for an account as it was when the proof and the password were judged.
   *
   * @param consume makes the proof worthless, in the transaction of the change; what it throws undoes all
   * @throws LatchkeyError the same, but for `users.not_found`, and what `consume` throws
   */
  async verifyAccount(
    account: SignInAccount,
    actor: Actor,
    registeredPassword: RegisteredPassword,
    consume?: (manager: EntityManager) => Promise<void>,
  ): Promise<UserProfile> {
    if (account.emailVerified) return this.directory.getProfile(account.id);
    const hash = await this.hashOf(registeredPassword, account);
    return this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      await consume?.(manager);
      await this.mark(transaction, account.id, actor, registeredPassword, hash);
      return this.directory.getProfile(account.id, manager);
    });
  }

  /** The same in the caller's transaction, where there is no new password. */
  async verifyIn(
    transaction: RevokingTransaction,
    userId: string,
    actor: Actor,
    registeredPassword: 'keep' | 'clear',
  ): Promise<void> {
    await this.mark(transaction, userId, actor, registeredPassword, null);
  }

  /**
   * The same in the caller's transaction, at the word of somebody who is signed in and reads the mail: what
   * they sign in by stays, and so do the sessions.
   */
  async verifyWithin(manager: EntityManager, userId: string, actor: Actor): Promise<void> {
    if (!(await this.credentials.markVerified(manager, userId))) return;
    await this.record(manager, userId, actor, 'kept');
  }

  private async mark(
    transaction: RevokingTransaction,
    userId: string,
    actor: Actor,
    registeredPassword: RegisteredPassword,
    hash: string | null,
  ): Promise<void> {
    const { manager } = transaction;
    const kept = registeredPassword === 'keep' || registeredPassword === 'keep-password';
    const replacement = kept ? undefined : { hash };
    if (!(await this.credentials.markVerified(manager, userId, replacement))) return;
    if (!kept) {
      await this.secondFactors.removeAll(manager, userId);
      await this.identities.deleteOthers(manager, userId);
    }
    if (registeredPassword !== 'keep') {
      const reason = kept ? 'email_verified' : 'password_changed';
      await this.ender.endAllOfUser(transaction, userId, { reason, actor });
    }
    const password = kept ? 'kept' : hash === null ? 'cleared' : 'replaced';
    await this.record(manager, userId, actor, password);
  }

  private async record(
    manager: EntityManager,
    userId: string,
    actor: Actor,
    password: 'kept' | 'cleared' | 'replaced',
  ): Promise<void> {
    await this.audit.record(manager, {
      action: 'user.email_verified',
      actor,
      target: { type: 'user', id: userId },
      details: { password },
    });
  }

  private async hashOf(
    registeredPassword: RegisteredPassword,
    owner: { readonly email: string; readonly name?: string | null },
  ): Promise<string | null> {
    if (typeof registeredPassword === 'string') return null;
    const { replaceBy, lane } = registeredPassword;
    await this.policy.require('newPassword', replaceBy, owner);
    return this.hasher.hash(replaceBy, lane);
  }
}
