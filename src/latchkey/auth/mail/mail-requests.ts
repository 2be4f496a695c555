import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource, type EntityManager } from 'typeorm';
import { addressBlock } from '../../audit/address-block.js';
import type { AuditAction } from '../../audit/audit-action.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { actorOf } from '../../audit/current-actor.decorator.js';
import { emailKey } from '../../platform/http/validation/email-address.js';
import { Counters } from '../../platform/limits/counters.js';
import type { OneTimeRequest } from '../../tokens/one-time/issue-one-time-secret.js';
import type { OneTimePurpose } from '../../tokens/one-time/one-time-purpose.js';
import { type IssuedSecret, OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import type { SignInAccount } from '../../users/accounts/sign-in-account.js';
import { Users } from '../../users/accounts/users.js';
import { SameSite } from '../session/same-site.js';
import { RequestQuota } from '../throttling/request-quota.js';
import { ThrottleConfig } from '../throttling/throttle.config.js';
import { AccountMails } from './account-mail.js';
import type { MailName } from './mail-template.js';

/** A flow that begins with a mail which proves that somebody reads a mailbox. */
export interface MailFlow {
  readonly purpose: OneTimePurpose;
  readonly mail: MailName;
  /** That somebody has asked for the mail. */
  readonly action: AuditAction;
  /** Which active accounts get it: all of them unless this says otherwise. */
  readonly isFor?: (account: SignInAccount) => boolean;
}

export interface AskedFor {
  readonly account: SignInAccount | null;
  /** As it was typed. */
  readonly email: string;
  /** Where it is not the account's present address. */
  readonly to?: string;
}

/** How strangers ask for a mail: recovery, verification and sign-in by code begin alike. */
@Injectable()
export class MailRequests {
  private readonly addresses: RequestQuota;

  constructor(
    private readonly dataSource: DataSource,
    throttle: ThrottleConfig,
    private readonly users: Users,
    private readonly secrets: OneTimeSecrets,
    private readonly mails: AccountMails,
    private readonly audit: AuditTrail,
    private readonly sameSite: SameSite,
    counters: Counters,
  ) {
    this.addresses = new RequestQuota(counters, throttle, {
      name: 'mail-request-address',
      quota: throttle.addressMailRequests,
    });
  }

  /**
   * Sends link and code to the mailbox of the account, if there is one that is active and that the flow
   * is for. Answer, work and time are the same for every address: whether there is anybody to write to
   * is found out when the mail is due.
   *
   * @throws LatchkeyError `auth.cross_site`, `throttle.too_many_requests`
   */
  async request(flow: MailFlow, email: string, reply: FastifyReply): Promise<IssuedSecret> {
    const { request } = reply;
    this.sameSite.require(request);
    await this.admit(reply);
    const account = await this.users.findForSignIn(email);
    return this.dataSource.transaction(async (manager) => {
      const issued = await this.send(manager, flow, { account, email }, request);
      await this.audit.record(manager, {
        action: flow.action,
        actor: actorOf(request),
        ...(account !== null && { target: { type: 'user' as const, id: account.id } }),
      });
      return issued;
    });
  }

  /**
   * Counts a mail that a stranger asks for.
   *
   * @throws LatchkeyError `throttle.too_many_requests`
   */
  async admit(reply: FastifyReply): Promise<void> {
    await this.addresses.require(reply, addressBlock(reply.request.ip));
  }

  /** Issues the secret and puts the mail in, in the caller's transaction; the work is always the same. */
  async send(
    manager: EntityManager,
    { purpose, mail, isFor = () => true }: MailFlow,
    { account, email, to }: AskedFor,
    request: FastifyRequest,
    issuing: Pick<OneTimeRequest, 'boundTo' | 'details'> = {},
  ): Promise<IssuedSecret> {
    const subject = account === null ? { unknown: emailKey(email) } : { userId: account.id };
    const issued = await this.secrets.issue(manager, purpose, { subject, ...issuing });
    const userId = account !== null && isFor(account) ? account.id : null;
    const address = to ?? account?.email ?? email;
    const elsewhere = to === undefined ? {} : { elsewhere: { to, account: to } };
    const written = { mail, userId, secretId: issued.id, address, ...elsewhere };
    await this.mails.put(manager, written, request);
    return issued;
  }
}
