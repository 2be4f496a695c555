import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { EntityManager } from 'typeorm';
import { actorOf } from '../../audit/current-actor.decorator.js';
import {
  RegisterUser,
  type Registration,
  type RegistrationSteps,
} from '../../users/accounts/register-user.js';
import type { SignInAccount } from '../../users/accounts/sign-in-account.js';
import { CredentialStore } from '../../users/accounts/store/credential-store.js';
import type { UserProfile } from '../../users/accounts/users.dto.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import type { Lane } from '../../users/passwords/hashing/password-check.js';
import { AuthConfig } from '../auth.config.js';
import { authErrors } from '../auth.errors.js';
import { SameSite } from '../session/same-site.js';
import { RegisteringBrowser } from '../verification/registering-browser.js';
import { VerificationMail } from '../verification/verification-mail.js';

@Injectable()
export class Register {
  constructor(
    private readonly config: AuthConfig,
    private readonly registerUser: RegisterUser,
    private readonly credentials: CredentialStore,
    private readonly verification: VerificationMail,
    private readonly browser: RegisteringBrowser,
    private readonly sameSite: SameSite,
  ) {}

  /**
   * Where addresses are verified, a mail goes to the address, and the browser keeps that it was the one
   * that registered. Where that is required, a taken address gets a mail, a cookie and an answer, too.
   *
   * @param lane where the password waits for its hash
   * @returns the new user; null where registration must not tell whether the address was known
   * @throws LatchkeyError `auth.registration_closed`, `auth.cross_site`, `users.email_taken`,
   *   `request.invalid`, `passwords.check_unavailable`, `auth.busy`, or what `steps.store` throws
   */
  async register(
    registration: Registration,
    lane: Lane,
    reply: FastifyReply,
    steps: Pick<RegistrationSteps, 'onAsk' | 'store'> = {},
  ): Promise<UserProfile | null> {
    const { registration: open, emailVerification } = this.config;
    const { request } = reply;
    const actor = actorOf(request);
    if (open === 'closed') throw authErrors.registrationClosed();
    if (emailVerification === 'off')
      return this.registerUser.register(registration, lane, actor, steps);
    this.sameSite.require(request);
    const tellsTaken = emailVerification === 'optional';
    let made: SignInAccount | null = null;
    const conclude = async (manager: EntityManager, userId: string, isNew: boolean) => {
      if (tellsTaken && !isNew) return;
      const account = await this.credentials.findById(manager, userId);
      if (account === null) return;
      if (isNew) made = account;
      const { email } = registration;
      await this.verification.sendAfterRegistration(manager, { account, email }, request);
    };
    const user = await this.registerUser
      .register(registration, lane, actor, { ...steps, conclude })
      .catch((error: unknown) => {
        if (tellsTaken || !usersErrors.emailTaken.is(error)) throw error;
        return null;
      });
    this.browser.remember(reply, registration, made);
    return tellsTaken ? user : null;
  }
}
