import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { addressBlock } from '../../audit/address-block.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { actorOf } from '../../audit/current-actor.decorator.js';
import { emailKey } from '../../platform/http/validation/email-address.js';
import { Counters } from '../../platform/limits/counters.js';
import { FixedWindow } from '../../platform/limits/fixed-window.js';
import { requireAdmitted } from '../../platform/limits/service-limit.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { oneTimeErrors } from '../../tokens/one-time/one-time.errors.js';
import { defineOneTimePurpose } from '../../tokens/one-time/one-time-purpose.js';
import { type IssuedSecret, OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import type { Proof } from '../../tokens/one-time/proof-judge.js';
import { Revocations } from '../../tokens/revocation/revocations.js';
import { SessionEnder } from '../../tokens/sessions/session-ender.js';
import { CredentialStore } from '../../users/accounts/store/credential-store.js';
import { Users } from '../../users/accounts/users.js';
import { PasswordHasher } from '../../users/passwords/hashing/password-hasher.js';
import { PasswordPolicy } from '../../users/passwords/password-policy.js';
import { AccountMails } from '../mail/account-mail.js';
import { Notices } from '../mail/notices.js';
import { SameSite } from '../session/same-site.js';
import { laneOf } from '../throttling/lane-of.js';
import { ThrottleConfig } from '../throttling/throttle.config.js';
import { RecoveryConfig } from './recovery.config.js';
import { recoveryErrors } from './recovery.errors.js';

/** Dead once the account has another password or address. */
export const RECOVERY = defineOneTimePurpose({
  name: 'recovery',
  lifetimeSeconds: 3_600,
  diesWith: ['address', 'password'],
});

/** A way in for owners who have forgotten their password: by their mailbox. */
@Injectable()
export class RecoverAccount {
  private readonly addresses: FixedWindow;

  constructor(
    private readonly dataSource: DataSource,
    private readonly config: RecoveryConfig,
    private readonly throttle: ThrottleConfig,
    private readonly mailer: Mailer,
    private readonly mails: AccountMails,
    private readonly notices: Notices,
    private readonly secrets: OneTimeSecrets,
    private readonly users: Users,
    private readonly credentials: CredentialStore,
    private readonly policy: PasswordPolicy,
    private readonly hasher: PasswordHasher,
    private readonly revocations: Revocations,
    private readonly sessionEnder: SessionEnder,
    private readonly audit: AuditTrail,
    private readonly sameSite: SameSite,
    counters: Counters,
  ) {
    this.addresses = new FixedWindow(counters, {
      name: 'recovery-address',
      quota: throttle.addressRegistrations,
      windowSeconds: throttle.addressWindowSeconds,
    });
  }

  /**
   * Sends link and code to the mailbox of the account, if there is one that is active. Answer, work and
   * time are the same for every address: whether there is anybody to write to is found out when the
   * mail is due.
   *
   * @throws LatchkeyError `auth.recovery_off`, `auth.cross_site`, `throttle.too_many_requests`
   */
  async request(email: string, reply: FastifyReply): Promise<IssuedSecret> {
    const { request } = reply;
    this.requireOn();
    this.sameSite.require(request);
    if (this.throttle.enabled)
      requireAdmitted(reply, await this.addresses.count(addressBlock(request.ip)));
    const account = await this.users.findForSignIn(email);
    const subject = account === null ? { unknown: emailKey(email) } : { userId: account.id };
    return this.dataSource.transaction(async (manager) => {
      const issued = await this.secrets.issue(manager, RECOVERY, { subject });
      const mail = {
        mail: 'recovery',
        userId: account?.id ?? null,
        secretId: issued.id,
        address: account?.email ?? email,
      } as const;
      await this.mails.put(manager, mail, request);
      return issued;
    });
  }

  /**
   * Sets a new password, ends every session, and takes the mailbox as proved. It starts no session, and
   * nothing but the password changes of what signs one in. A password that is refused consumes nothing.
   *
   * @throws LatchkeyError `auth.recovery_off`, `auth.cross_site`, `auth.proof_invalid`, `request.invalid`
   *   naming `newPassword`, `passwords.check_unavailable`, `auth.busy`
   */
  async complete(proof: Proof, newPassword: string, request: FastifyRequest): Promise<void> {
    this.requireOn();
    this.sameSite.require(request);
    const shown = await this.secrets.check(RECOVERY, proof);
    const account = shown.userId === null ? null : await this.users.findAccountById(shown.userId);
    if (account === null) throw oneTimeErrors.proofInvalid();
    await this.policy.require('newPassword', newPassword, account);
    const hash = await this.hasher.hash(newPassword, laneOf('stranger', request.ip, account.id));
    const { id } = account;
    const actor = actorOf(request);
    await this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      await this.secrets.consume(manager, shown);
      const replaced = await this.credentials.replacePassword(manager, account, hash);
      if (!replaced) throw oneTimeErrors.proofInvalid();
      const verified = await this.credentials.markVerified(manager, id);
      await this.sessionEnder.endAllOfUser(transaction, id, { reason: 'password_changed', actor });
      await this.audit.record(manager, {
        action: 'user.password_recovered',
        actor,
        target: { type: 'user', id },
        details: { emailVerified: verified ? 'now' : 'before' },
      });
      const languages = request.headers['accept-language'];
      await this.notices.put(manager, { notice: 'password-changed', account, actor, languages });
    });
  }

  private requireOn(): void {
    if (this.config.recovery === 'off' || !this.mailer.available) throw recoveryErrors.off();
  }
}
