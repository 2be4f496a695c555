import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DataSource, type EntityManager } from 'typeorm';
import type { Principal } from '../../access/principal.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { actorOf } from '../../audit/current-actor.decorator.js';
import { Counters } from '../../platform/limits/counters.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { ProvidedSecondFactors } from '../../tokens/assurance/provided-second-factors.js';
import { oneTimeErrors } from '../../tokens/one-time/one-time.errors.js';
import { defineOneTimePurpose } from '../../tokens/one-time/one-time-purpose.js';
import { type IssuedSecret, OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import type { ShownSecret } from '../../tokens/one-time/shown-secret.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import { Users } from '../../users/accounts/users.js';
import { VerifyEmail } from '../../users/accounts/verify-email.js';
import { factorsErrors } from '../../users/factors/factors.errors.js';
import { EMAIL_CHANGE_UNDO } from '../email-change/email-change.purposes.js';
import { AccountMails } from '../mail/account-mail.js';
import { mailErrors } from '../mail/mail.errors.js';
import { RequestQuota } from '../throttling/request-quota.js';
import { ThrottleConfig } from '../throttling/throttle.config.js';
import type { FactorChange } from './factor-changes.js';

/** Several at once: whoever has stolen the password must not make the owner's code worthless. */
export const FACTOR_ENROLMENT = defineOneTimePurpose({
  name: 'factor-enrolment',
  lifetimeSeconds: 600,
  diesWith: ['address', 'password'],
  inSession: true,
  severalAtOnce: true,
});

/** The code of the mail, and what the session got that asked for it. */
export interface ShownMailProof {
  readonly ticket: string;
  readonly code: string;
}

/**
 * That the owner of the mailbox adds the first factor: whoever has stolen the password alone would shut
 * the owner out by it. Of an account that has a factor already, that factor is asked for instead.
 */
@Injectable()
export class EnrolmentProof {
  private readonly requests: RequestQuota;

  constructor(
    private readonly dataSource: DataSource,
    private readonly mailer: Mailer,
    private readonly secondFactors: ProvidedSecondFactors,
    private readonly secrets: OneTimeSecrets,
    private readonly users: Users,
    private readonly mails: AccountMails,
    private readonly verifyEmail: VerifyEmail,
    private readonly audit: AuditTrail,
    throttle: ThrottleConfig,
    counters: Counters,
  ) {
    this.requests = new RequestQuota(counters, throttle, {
      name: 'factor-enrolment-session',
      quota: throttle.addressMailRequests,
    });
  }

  /** Whether the account has no factor yet, and mail can prove who its owner is. */
  async isNeeded(manager: EntityManager, userId: string): Promise<boolean> {
    if (!this.mailer.available) return false;
    return (await this.secondFactors.usableBy(manager, userId)).length === 0;
  }

  /**
   * Mails a code, good in this session alone. For as long as the last change of address can be undone it
   * goes to the address of before: whoever has stolen the password could have changed it.
   *
   * @throws LatchkeyError `mail.off`, `throttle.too_many_requests`, `users.not_found`
   */
  async request({ userId, sessionId }: Principal, reply: FastifyReply): Promise<IssuedSecret> {
    const { request } = reply;
    if (!this.mailer.available) throw mailErrors.off();
    await this.requests.require(reply, sessionId);
    const account = await this.users.findAccountById(userId);
    if (account === null) throw usersErrors.notFound();
    return this.dataSource.transaction(async (manager) => {
      const former = await this.formerAddress(manager, userId);
      const issued = await this.secrets.issue(manager, FACTOR_ENROLMENT, {
        subject: { userId },
        sessionId,
        boundTo: sessionId,
        details: { toFormer: former !== null },
      });
      const mail = { mail: 'factor-enrolment', userId, secretId: issued.id } as const;
      const addressed =
        former === null
          ? { address: account.email }
          : { address: former, elsewhere: { to: former, account: former, name: null } };
      await this.mails.put(manager, { ...mail, ...addressed }, request);
      await this.audit.record(manager, {
        action: 'factor.proof_requested',
        actor: actorOf(request),
        target: { type: 'user', id: userId },
      });
      return issued;
    });
  }

  /**
   * @returns what `consume` takes; null where nothing was shown
   * @throws LatchkeyError `auth.proof_invalid`; a wrong code costs one of five tries
   */
  async check(
    { userId, sessionId }: Principal,
    proof: ShownMailProof | undefined,
  ): Promise<ShownSecret | null> {
    if (proof === undefined) return null;
    const shown = await this.secrets.check(FACTOR_ENROLMENT, proof, sessionId);
    if (shown.userId !== userId) throw oneTimeErrors.proofInvalid();
    return shown;
  }

  /**
   * In the transaction that adds the factor. From now on the address counts as its owner's, so that no later
   * proof of the mailbox takes the factor for a stranger's.
   *
   * @throws LatchkeyError `factors.mail_proof_needed` where nothing was shown, `auth.proof_invalid` when
   *   another request was first
   */
  async consume(
    manager: EntityManager,
    { account, actor }: FactorChange,
    shown: ShownSecret | null,
  ): Promise<void> {
    if (shown === null) throw factorsErrors.mailProofNeeded();
    await this.secrets.consume(manager, shown);
    if (shown.details.toFormer !== true) {
      await this.verifyEmail.verifyWithin(manager, account.id, actor);
    }
  }

  /** The address before the first of the changes that can be undone. */
  private async formerAddress(manager: EntityManager, userId: string): Promise<string | null> {
    const details = await this.secrets.findOldestDetails(manager, EMAIL_CHANGE_UNDO, userId);
    return details === null ? null : String(details.formerEmail);
  }
}
