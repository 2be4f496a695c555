import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { AuditTrail } from '../../../audit/audit-trail.js';
import { actorOf } from '../../../audit/current-actor.decorator.js';
import { DefaultRole } from '../../../roles/default-role.js';
import type { SignInAccount } from '../../../users/accounts/sign-in-account.js';
import { UserStore } from '../../../users/accounts/store/user-store.js';
import { Users } from '../../../users/accounts/users.js';
import { IdentityStore } from '../../../users/identities/identity-store.js';
import { MailTemplates } from '../../mail/mail-templates.js';
import { RegistrationThrottle } from '../../registration/registration-throttle.js';
import { RegisteringBrowser } from '../../verification/registering-browser.js';
import { VerificationMail } from '../../verification/verification-mail.js';
import type { JudgedIdentity } from '../judged-identity.js';

/** Ends a transaction that is of no use: another request was first. */
class Overtaken extends Error {}

/** How an account is made for somebody who has come through a provider. */
export interface ExternalRegistration {
  readonly email: string;
  readonly emailVerified: boolean;
  /** Whether it has the identity from the start. */
  readonly linked: boolean;
}

/** Makes accounts without a password, for people who sign in through a provider. */
@Injectable()
export class RegisterIdentity {
  constructor(
    private readonly dataSource: DataSource,
    private readonly users: Users,
    private readonly store: UserStore,
    private readonly identities: IdentityStore,
    private readonly defaultRole: DefaultRole,
    private readonly templates: MailTemplates,
    private readonly verification: VerificationMail,
    private readonly browser: RegisteringBrowser,
    private readonly throttle: RegistrationThrottle,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Account and identity in one transaction. An address that has yet to be proved gets the mail of a
   * registration, and this browser is remembered as the one that registered.
   *
   * @returns null when the address or the identity has been taken meanwhile
   * @throws LatchkeyError `throttle.too_many_requests`
   */
  async register(
    reply: FastifyReply,
    identity: JudgedIdentity,
    registration: ExternalRegistration,
  ): Promise<SignInAccount | null> {
    const { email, linked } = registration;
    const account = await this.throttle.attempt(reply, email, () =>
      this.insert(reply, identity, registration).catch((error: unknown) => {
        if (error instanceof Overtaken) return null;
        throw error;
      }),
    );
    if (account !== null && linked) this.browser.remember(reply, { email, password: '' }, account);
    return account;
  }

  private insert(
    { request }: FastifyReply,
    identity: JudgedIdentity,
    { email, emailVerified, linked }: ExternalRegistration,
  ): Promise<SignInAccount> {
    const { name, provider } = identity;
    const locale = this.templates.localeOf(request.headers['accept-language'] ?? '');
    return this.dataSource.transaction(async (manager) => {
      const roles = [this.defaultRole.name];
      const fields = { email, emailVerified, name, locale, passwordHash: null, roles };
      const user = await this.store.insert(manager, fields);
      const account = user && (await this.users.findAccountById(user.id, manager));
      if (account === null) throw new Overtaken();
      if (
        linked &&
        (await this.identities.insert(manager, account.id, identity, { mayRaise: true })) === null
      )
        throw new Overtaken();
      await this.audit.record(manager, {
        action: 'user.registered',
        actor: actorOf(request),
        target: { type: 'user', id: account.id },
        details: { provider, emailVerified },
      });
      if (linked && !emailVerified)
        await this.verification.sendAfterRegistration(manager, { account, email }, request);
      return account;
    });
  }
}
