import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { EntityManager } from 'typeorm';
import { actorOf } from '../../audit/current-actor.decorator.js';
import { oneTimeErrors } from '../../tokens/one-time/one-time.errors.js';
import { type IssuedSecret, OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import type { Proof } from '../../tokens/one-time/proof-judge.js';
import type { SignInAccount } from '../../users/accounts/sign-in-account.js';
import { Users } from '../../users/accounts/users.js';
import { type RegisteredPassword, VerifyEmail } from '../../users/accounts/verify-email.js';
import { PasswordHasher } from '../../users/passwords/hashing/password-hasher.js';
import { authErrors } from '../auth.errors.js';
import { MailProofs } from '../mail/mail-proofs.js';
import { MailRequests } from '../mail/mail-requests.js';
import { Notices } from '../mail/notices.js';
import { SignInThrottle } from '../sign-in/sign-in-throttle.js';
import { laneOf } from '../throttling/lane-of.js';
import { RegisteringBrowser } from './registering-browser.js';
import { verificationErrors } from './verification.errors.js';
import { EMAIL_VERIFICATION, VERIFICATION_FLOW, VerificationMail } from './verification-mail.js';

/** What the owner says of the password: the account's, a new one, or nothing. */
export interface OwnersPassword {
  readonly password?: string;
  readonly newPassword?: string;
}

/**
 * Proves that an address is its owner's. Whoever registered it first need not be (pre-hijacking): in any
 * other browser than the one that registered, the owner says the password or chooses one, and what was
 * signed in before ends.
 */
@Injectable()
export class ConfirmAddress {
  constructor(
    private readonly verification: VerificationMail,
    private readonly requests: MailRequests,
    private readonly secrets: OneTimeSecrets,
    private readonly users: Users,
    private readonly hasher: PasswordHasher,
    private readonly verifyEmail: VerifyEmail,
    private readonly browser: RegisteringBrowser,
    private readonly throttle: SignInThrottle,
    private readonly notices: Notices,
    private readonly proofs: MailProofs,
  ) {}

  /**
   * Sends link and code once more, to an active account whose address has not been verified; see
   * `MailRequests`.
   *
   * @throws LatchkeyError `auth.email_verification_off`, `auth.cross_site`, `throttle.too_many_requests`
   */
  async request(email: string, reply: FastifyReply): Promise<IssuedSecret> {
    this.requireOn();
    return this.requests.request(VERIFICATION_FLOW, email, reply);
  }

  /**
   * Marks the address as its owner's. It signs nobody in. What is refused consumes nothing.
   *
   * @throws LatchkeyError `auth.email_verification_off`, `auth.cross_site`, `auth.proof_invalid`,
   *   `auth.password_needed`; `auth.invalid_credentials` and `throttle.too_many_requests` for a wrong
   *   `password`; `request.invalid` naming `newPassword`, `passwords.check_unavailable`, `auth.busy`
   */
  async confirm(proof: Proof, owners: OwnersPassword, reply: FastifyReply): Promise<void> {
    const { request } = reply;
    this.requireOn();
    const shown = await this.proofs.check(EMAIL_VERIFICATION, proof, reply);
    const account = shown.userId === null ? null : await this.users.findAccountById(shown.userId);
    if (account === null || account.emailVerified) throw oneTimeErrors.proofInvalid();
    const registered = await this.judge(account, owners, reply);
    const actor = actorOf(request);
    const consume = async (manager: EntityManager) => {
      await this.secrets.consume(manager, shown);
      // The password that has been judged may be another one by now.
      if (!(await this.users.lockForSignIn(manager, account))) throw oneTimeErrors.proofInvalid();
      if (typeof registered === 'string') return;
      const languages = request.headers['accept-language'];
      await this.notices.put(manager, { notice: 'password-changed', account, actor, languages });
    };
    await this.verifyEmail.verifyAccount(account, actor, registered, consume);
  }

  /** What becomes of the password that was registered, and of what has been signed in since. */
  private async judge(
    account: SignInAccount,
    { password, newPassword }: OwnersPassword,
    reply: FastifyReply,
  ): Promise<RegisteredPassword> {
    const { request } = reply;
    if (newPassword !== undefined)
      return { replaceBy: newPassword, lane: laneOf('stranger', request.ip, account.id) };
    if (password !== undefined) {
      await this.requirePassword(account, password, reply);
      return 'keep-password';
    }
    if (this.browser.hasRegistered(request, account)) return 'keep';
    if (account.passwordHash === null) return 'clear';
    throw verificationErrors.passwordNeeded();
  }

  /** Wrong ones count with those of sign-ins. */
  private async requirePassword(
    { email, passwordHash }: SignInAccount,
    password: string,
    reply: FastifyReply,
  ): Promise<void> {
    await this.throttle.attempt(reply, email, async (check) => {
      if (!(await this.hasher.verify(passwordHash, password, check)))
        throw authErrors.invalidCredentials();
    });
  }

  private requireOn(): void {
    if (!this.verification.isOn) throw verificationErrors.off();
  }
}
