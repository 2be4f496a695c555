import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource, type EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { actorOf } from '../../audit/current-actor.decorator.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { defineOneTimePurpose } from '../../tokens/one-time/one-time-purpose.js';
import { type IssuedSecret, OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import type { Proof } from '../../tokens/one-time/proof-judge.js';
import { RequireAuthority } from '../../users/accounts/require-authority.js';
import { PasswordByMail } from '../account/password-by-mail.js';
import { AccountMails } from '../mail/account-mail.js';
import { type MailFlow, MailRequests } from '../mail/mail-requests.js';
import { Notices } from '../mail/notices.js';
import { RecoveryConfig } from './recovery.config.js';
import { recoveryErrors } from './recovery.errors.js';

/** Dead once the account has another password or address. */
export const RECOVERY = defineOneTimePurpose({
  name: 'recovery',
  lifetimeSeconds: 3_600,
  diesWith: ['address', 'password'],
  anybodyMayAsk: true,
});

const RECOVERY_FLOW: MailFlow = {
  purpose: RECOVERY,
  mail: 'recovery',
  action: 'user.recovery_requested',
};

/** A way in for owners who have forgotten their password: by their mailbox. */
@Injectable()
export class RecoverAccount {
  constructor(
    private readonly dataSource: DataSource,
    private readonly config: RecoveryConfig,
    private readonly mailer: Mailer,
    private readonly requests: MailRequests,
    private readonly notices: Notices,
    private readonly secrets: OneTimeSecrets,
    private readonly mails: AccountMails,
    private readonly authority: RequireAuthority,
    private readonly passwords: PasswordByMail,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Sends link and code to the mailbox of the account, if there is one that is active; see
   * `MailRequests`.
   *
   * @throws LatchkeyError `auth.recovery_off`, `auth.cross_site`, `throttle.too_many_requests`
   */
  async request(email: string, reply: FastifyReply): Promise<IssuedSecret> {
    this.requireOn();
    return this.requests.request(RECOVERY_FLOW, email, reply);
  }

  /**
   * Sends the owner a link, at the word of an admin or the operator, who learns nothing by it and
   * chooses no password. A disabled account gets no mail.
   *
   * @param languages of the mail, where the account has none: as `Accept-Language` has them
   * @returns for how many seconds the link is good
   * @throws LatchkeyError `auth.recovery_off`, `users.not_found`, `roles.escalation`
   */
  async start(userId: string, actor: Actor, languages: string): Promise<number> {
    this.requireOn();
    return this.dataSource.transaction(async (manager) => {
      const { email: address } = await this.authority.requireOver(manager, userId, actor);
      const issued = await this.secrets.issue(manager, RECOVERY, { subject: { userId } });
      const mail = { mail: 'recovery-by-admin', userId, secretId: issued.id, address } as const;
      await this.mails.putFor(manager, mail, actor, languages);
      await this.audit.record(manager, {
        action: 'user.recovery_started',
        actor,
        target: { type: 'user', id: userId },
      });
      return issued.expiresInSeconds;
    });
  }

  /**
   * Sets a new password; see `PasswordByMail`. A mail tells the owner.
   *
   * @throws LatchkeyError `auth.recovery_off`, and what `PasswordByMail.set` throws
   */
  async complete(proof: Proof, newPassword: string, reply: FastifyReply): Promise<void> {
    this.requireOn();
    const { request } = reply;
    const change = { purpose: RECOVERY, proof, newPassword };
    const actor = actorOf(request);
    await this.passwords.set(change, reply, async (manager, account, emailVerified) => {
      await this.audit.record(manager, {
        action: 'user.password_recovered',
        actor,
        target: { type: 'user', id: account.id },
        details: { emailVerified },
      });
      const languages = request.headers['accept-language'];
      await this.notices.put(manager, { notice: 'password-changed', account, actor, languages });
    });
  }

  /** Whether forgotten passwords are replaced by mail. */
  get recovers(): boolean {
    return this.config.recovery === 'on' && this.mailer.available;
  }

  /** Sends the mail to the owner of an account that the caller's transaction has changed. */
  async beginIn(
    manager: EntityManager,
    { id: userId, email: address }: { readonly id: string; readonly email: string },
    request: FastifyRequest,
  ): Promise<void> {
    const { id: secretId } = await this.secrets.issue(manager, RECOVERY, { subject: { userId } });
    const mail = { mail: 'recovery', userId, secretId, address, cause: 'the-account' } as const;
    await this.mails.put(manager, mail, request);
  }

  private requireOn(): void {
    if (!this.recovers) throw recoveryErrors.off();
  }
}
