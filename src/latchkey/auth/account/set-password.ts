import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { Revocations, type RevokingTransaction } from '../../tokens/revocation/revocations.js';
import { SessionEnder } from '../../tokens/sessions/session-ender.js';
import type { SignInAccount } from '../../users/accounts/sign-in-account.js';
import { CredentialStore } from '../../users/accounts/store/credential-store.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import { Users } from '../../users/accounts/users.js';
import { PasswordHasher } from '../../users/passwords/hashing/password-hasher.js';
import { PasswordPolicy } from '../../users/passwords/password-policy.js';
import { authErrors } from '../auth.errors.js';
import { Notices } from '../mail/notices.js';
import { laneOf } from '../throttling/lane-of.js';

/** A password that is to be somebody's because they have proven, by other means, that they are. */
export interface ProvenPassword {
  readonly userId: string;
  readonly newPassword: string;
  /** What was shown, for the audit trail: `sms_code`. Never the proof itself. */
  readonly proof: string;
  /** A session of the user that goes on. */
  readonly except?: string;
  /** `Accept-Language` of the owner, for the mail that tells them. */
  readonly languages?: string;
}

interface Replacement {
  readonly actor: Actor;
  readonly languages?: string;
  readonly proof?: string;
  readonly except?: string;
}

/**
 * Sets a password without the former one, for proofs of a team's own. It ends the user's sessions and
 * makes their devices strangers, is put on record as `user.password_changed`, and the owner is told by mail.
 *
 * @example
 * ```ts
 * const change = { userId, newPassword, proof: 'sms_code' };
 * await this.setPassword.set(change, actor, (manager) => this.codes.consume(manager, userId, code));
 * ```
 */
@Injectable()
export class SetPassword {
  constructor(
    private readonly users: Users,
    private readonly credentials: CredentialStore,
    private readonly policy: PasswordPolicy,
    private readonly hasher: PasswordHasher,
    private readonly revocations: Revocations,
    private readonly ender: SessionEnder,
    private readonly audit: AuditTrail,
    private readonly notices: Notices,
  ) {}

  /**
   * Trusts that the proof has been judged. Where the actor is not the account's owner, ask
   * `RequireAuthority` in `consume`.
   *
   * @param consume makes the proof worthless, in the transaction of the change; what it throws undoes all
   * @throws LatchkeyError `users.not_found`, also for an account that is disabled; `request.invalid`
   *   naming `newPassword`, `passwords.check_unavailable`, `auth.busy`; `auth.invalid_credentials` when
   *   the password has been changed meanwhile
   */
  async set(
    { userId, newPassword, ...change }: ProvenPassword,
    actor: Actor,
    consume?: (manager: EntityManager) => Promise<unknown>,
  ): Promise<void> {
    const account = await this.users.findAccountById(userId);
    if (account?.status !== 'active') throw usersErrors.notFound();
    await this.policy.require('newPassword', newPassword, account);
    const hash = await this.hasher.hash(newPassword, laneOf('known', actor.ip, userId));
    await this.revocations.commit(async (transaction) => {
      await consume?.(transaction.manager);
      const replaced = await this.replaceIn(transaction, account, hash, { ...change, actor });
      if (!replaced) throw authErrors.invalidCredentials();
    });
  }

  /** @returns false, and nothing done, when the account is not active or has another password by now */
  async replaceIn(
    transaction: RevokingTransaction,
    account: SignInAccount,
    hash: string,
    { actor, proof, except, languages }: Replacement,
  ): Promise<boolean> {
    const { manager } = transaction;
    if (!(await this.credentials.replacePassword(manager, account, hash))) return false;
    await this.ender.endAllOfUser(transaction, account.id, {
      reason: 'password_changed',
      actor,
      ...(except !== undefined && { except }),
    });
    await this.audit.record(manager, {
      action: 'user.password_changed',
      actor,
      target: { type: 'user', id: account.id },
      ...(proof !== undefined && { details: { proof } }),
    });
    await this.notices.put(manager, { notice: 'password-changed', account, actor, languages });
    return true;
  }
}
