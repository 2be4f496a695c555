import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DataSource, type EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { actorOf } from '../../audit/current-actor.decorator.js';
import { PASSWORD } from '../../tokens/assurance/factor.js';
import { Revocations } from '../../tokens/revocation/revocations.js';
import { SessionFactors } from '../../tokens/sessions/session-factors.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import { Users } from '../../users/accounts/users.js';
import type { PasswordCheck } from '../../users/passwords/hashing/password-check.js';
import { PasswordHasher } from '../../users/passwords/hashing/password-hasher.js';
import { PasswordPolicy } from '../../users/passwords/password-policy.js';
import { authErrors } from '../auth.errors.js';
import { type GrantedAccess, StartSession } from '../sign-in/start-session.js';
import { SetPassword } from './set-password.js';

export interface PasswordChange {
  readonly userId: string;
  /** Of the caller: what else has been shown in it goes over to its successor. */
  readonly sessionId: string;
  readonly currentPassword: string;
  readonly newPassword: string;
  /** `Accept-Language` of the request, for the mail that tells its owner. */
  readonly languages?: string;
}

@Injectable()
export class ChangePassword {
  constructor(
    private readonly dataSource: DataSource,
    private readonly users: Users,
    private readonly setPassword: SetPassword,
    private readonly policy: PasswordPolicy,
    private readonly hasher: PasswordHasher,
    private readonly revocations: Revocations,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Replaces the password and ends every session of the user, the caller's included, so that a
   * stolen session does not outlive the change. Returns null and changes nothing when the current
   * password is wrong, or has been replaced meanwhile: of two concurrent changes one succeeds.
   *
   * @param check by which the current password is checked
   * @param begin what the caller gets in place of what has ended, in the same transaction
   * @throws LatchkeyError `users.not_found`, `request.invalid` naming `newPassword`,
   *   `passwords.check_unavailable`, `auth.busy`
   */
  async change<T>(
    change: PasswordChange,
    check: PasswordCheck,
    actor: Actor,
    begin: (manager: EntityManager) => Promise<T>,
  ): Promise<T | null> {
    const account = await this.users.findAccountById(change.userId);
    if (account === null) throw usersErrors.notFound();
    if (!(await this.hasher.verify(account.passwordHash, change.currentPassword, check))) {
      await this.recordFailure(account.id, actor);
      return null;
    }
    // Only after the password is known to be right: a rule of the team's own may call another
    // service, which a stolen access token must not trigger.
    await this.policy.require('newPassword', change.newPassword, account);
    const hash = await this.hasher.hash(change.newPassword, check.lane);

    return this.revocations.commit(async (transaction) => {
      const { languages } = change;
      const replacement = { actor, languages };
      const replaced = await this.setPassword.replaceIn(transaction, account, hash, replacement);
      return replaced ? begin(transaction.manager) : null;
    });
  }

  /** Makes guessing at the password with a stolen access token visible in the audit trail. */
  private async recordFailure(userId: string, actor: Actor): Promise<void> {
    await this.audit.record(this.dataSource.manager, {
      action: 'user.password_changed',
      outcome: 'failure',
      actor,
      target: { type: 'user', id: userId },
      reason: 'wrong_password',
    });
  }
}

/** The change counts as a new sign-in and begins a new session: no earlier token outlives it. */
@Injectable()
export class ChangeOwnPassword {
  constructor(
    private readonly changePassword: ChangePassword,
    private readonly startSession: StartSession,
    private readonly sessionFactors: SessionFactors,
  ) {}

  /**
   * The account's owner is told of it by mail.
   *
   * @throws LatchkeyError `auth.invalid_credentials` when the current password is not the
   *   account's; and what `ChangePassword` throws. Nothing has changed then
   */
  async change(
    change: PasswordChange,
    check: PasswordCheck,
    request: FastifyRequest,
  ): Promise<GrantedAccess> {
    const actor = actorOf(request);
    const { userId, sessionId } = change;
    const languages = request.headers['accept-language'];
    const granted = await this.changePassword.change(
      { ...change, languages },
      check,
      actor,
      async (manager) => {
        const before = await this.sessionFactors.shownIn(manager, sessionId);
        const others = before.filter(({ factor }) => factor !== PASSWORD);
        const factors = [...others, PASSWORD.shown()];
        return this.startSession.startIn(manager, userId, factors, actor);
      },
    );
    if (granted === null) throw authErrors.invalidCredentials();
    return granted;
  }
}
