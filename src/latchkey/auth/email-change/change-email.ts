import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource, type EntityManager } from 'typeorm';
import type { Principal } from '../../access/principal.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { actorOf } from '../../audit/current-actor.decorator.js';
import { readPlainAddress } from '../../platform/http/validation/email-address.js';
import { Counters } from '../../platform/limits/counters.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { oneTimeErrors } from '../../tokens/one-time/one-time.errors.js';
import { type IssuedSecret, OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import type { Proof } from '../../tokens/one-time/proof-judge.js';
import type { SignInAccount } from '../../users/accounts/sign-in-account.js';
import {
  type AccountAddress,
  AddressStore,
  AddressTaken,
} from '../../users/accounts/store/address-store.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import { Users } from '../../users/accounts/users.js';
import { FactorStore } from '../../users/factors/factor-store.js';
import { IdentityStore } from '../../users/identities/identity-store.js';
import { type AccountMail, AccountMails } from '../mail/account-mail.js';
import { MailProofs } from '../mail/mail-proofs.js';
import { Notices } from '../mail/notices.js';
import { RequestQuota } from '../throttling/request-quota.js';
import { ThrottleConfig } from '../throttling/throttle.config.js';
import { emailChangeErrors } from './email-change.errors.js';
import { EMAIL_CHANGE, EMAIL_CHANGE_UNDO } from './email-change.purposes.js';

/** Another address for an account: its owner asks, and the new mailbox confirms. */
@Injectable()
export class ChangeEmail {
  private readonly requests: RequestQuota;

  constructor(
    private readonly dataSource: DataSource,
    throttle: ThrottleConfig,
    private readonly mailer: Mailer,
    private readonly mails: AccountMails,
    private readonly notices: Notices,
    private readonly secrets: OneTimeSecrets,
    private readonly users: Users,
    private readonly addresses: AddressStore,
    private readonly factors: FactorStore,
    private readonly identities: IdentityStore,
    private readonly audit: AuditTrail,
    private readonly proofs: MailProofs,
    counters: Counters,
  ) {
    this.requests = new RequestQuota(counters, throttle, {
      name: 'email-change',
      quota: throttle.userEmailChanges,
    });
  }

  /**
   * Asks the new mailbox. Where another account has the address its owner is told instead, by mail, and
   * nobody else: answer, work and time are the same.
   *
   * @throws LatchkeyError `auth.email_change_off`, `throttle.too_many_requests`, `users.not_found`
   */
  async request(
    typed: string,
    { userId, sessionId }: Pick<Principal, 'userId' | 'sessionId'>,
    reply: FastifyReply,
  ): Promise<IssuedSecret> {
    if (!this.mailer.available) throw emailChangeErrors.off();
    await this.requests.require(reply, userId);
    const newEmail = readPlainAddress(typed)?.text ?? typed;
    const account = await this.users.findAccountById(userId);
    if (account === null) throw usersErrors.notFound();
    const owner = await this.users.findForSignIn(newEmail);
    return this.dataSource.transaction(async (manager) => {
      const reserved = await this.addresses.isReserved(manager, newEmail, userId);
      const issued = await this.secrets.issue(manager, EMAIL_CHANGE, {
        subject: { userId },
        sessionId,
        details: { newEmail },
      });
      const mail =
        owner === null || owner.id === userId
          ? toNewMailbox(account, newEmail, reserved, issued)
          : toOwner(owner);
      await this.mails.put(manager, mail, reply.request);
      return issued;
    });
  }

  /**
   * Makes the new mailbox that of the account, and tells the former one, which may take it back for seven
   * days. Sessions go on.
   *
   * @throws LatchkeyError `auth.cross_site`, `throttle.too_many_requests`; `auth.proof_invalid`, also when
   *   somebody else has the address by now
   */
  async confirm(proof: Proof, reply: FastifyReply): Promise<void> {
    const { request } = reply;
    const shown = await this.proofs.check(EMAIL_CHANGE, proof, reply);
    const account = shown.userId === null ? null : await this.users.findAccountById(shown.userId);
    if (account === null) throw oneTimeErrors.proofInvalid();
    const { id: userId } = account;
    const newEmail = String(shown.details.newEmail);
    await this.dataSource
      .transaction(async (manager) => {
        await this.secrets.consume(manager, shown);
        const former = await this.addresses.replace(manager, userId, newEmail);
        await this.audit.record(manager, {
          action: 'user.email_changed',
          actor: actorOf(request),
          target: { type: 'user', id: userId },
        });
        await this.tellFormer(manager, account, former, request);
      })
      .catch((error: unknown) => {
        throw error instanceof AddressTaken ? oneTimeErrors.proofInvalid() : error;
      });
  }

  private async tellFormer(
    manager: EntityManager,
    account: SignInAccount,
    former: AccountAddress,
    request: FastifyRequest,
  ): Promise<void> {
    const { email, emailVerified } = former;
    const { id: userId, name } = account;
    // A mistyped address, which was never proved, may be a stranger's: it must not get the account.
    const secretId = emailVerified ? await this.allowUndo(manager, userId, former) : null;
    await this.notices.put(manager, {
      notice: 'email-changed',
      account: { id: userId, email },
      actor: actorOf(request),
      languages: request.headers['accept-language'],
      elsewhere: { to: email, account: email, name: emailVerified ? name : null },
      secretId,
    });
  }

  private async allowUndo(
    manager: EntityManager,
    userId: string,
    former: AccountAddress,
  ): Promise<string> {
    const { lifetimeSeconds } = EMAIL_CHANGE_UNDO;
    await this.addresses.reserve(manager, former, userId, lifetimeSeconds);
    const factors = (await this.factors.list(manager, userId)).map(({ id }) => id);
    const identities = (await this.identities.list(manager, userId)).map(({ id }) => id);
    const { id } = await this.secrets.issue(manager, EMAIL_CHANGE_UNDO, {
      subject: { userId },
      details: { formerEmail: former.email, factors, identities },
    });
    return id;
  }
}

/** Names nobody: what an account calls itself must not be read by strangers. */
function toNewMailbox(
  { id: userId }: SignInAccount,
  newEmail: string,
  isReserved: boolean,
  { id: secretId }: IssuedSecret,
): AccountMail {
  const elsewhere = { to: newEmail, name: null };
  return isReserved
    ? {
        mail: 'address-reserved',
        userId,
        address: newEmail,
        elsewhere: { ...elsewhere, account: newEmail },
      }
    : { mail: 'email-change', userId, address: newEmail, secretId, elsewhere };
}

function toOwner({ id, email, status }: SignInAccount): AccountMail {
  return { mail: 'email-taken', userId: status === 'active' ? id : null, address: email };
}
