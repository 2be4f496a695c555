import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import {
  type Actor,
  AuditTrail,
  addressBlock,
  CompleteSignIn,
  type Delivery,
  defineAuditActions,
  defineFactor,
  defineOneTimePurpose,
  FeatureMails,
  Limits,
  OneTimeSecrets,
  oneTimeErrors,
  type RevokingTransaction,
  SignInAttempts,
  type TokenResponse,
  Users,
  VerifyEmail,
  type WindowLimit,
} from '../latchkey/index.js';
import { MAIL_LINK_MAIL } from './mail-link.mail.js';

const mailLinkActions = defineAuditActions({ requested: 'mail_link.requested' });

/** It signs in by itself, and is one factor: an account that has a second one is asked for it as well. */
const LINK = defineFactor({ name: 'mail_link', amr: ['otp'], role: 'first' });

/** Anybody may type anybody's address: what one person asks for leaves the links of another good. */
const MAIL_LINK = defineOneTimePurpose({
  name: 'mail-link',
  lifetimeSeconds: 900,
  diesWith: ['address', 'password'],
  anybodyMayAsk: true,
});

/** Signing in by a link that comes by mail. */
@Injectable()
export class MailLinks {
  private readonly askedByAddress: WindowLimit;
  private readonly askedForMailbox: WindowLimit;
  private readonly tries: WindowLimit;

  constructor(
    private readonly dataSource: DataSource,
    private readonly oneTime: OneTimeSecrets,
    private readonly mails: FeatureMails,
    private readonly attempts: SignInAttempts,
    private readonly signIn: CompleteSignIn,
    private readonly users: Users,
    private readonly verifyEmail: VerifyEmail,
    private readonly audit: AuditTrail,
    limits: Limits,
  ) {
    this.askedByAddress = limits.window({ name: 'mail-links-ip', quota: 20, windowSeconds: 900 });
    this.askedForMailbox = limits.window({ name: 'mail-links-to', quota: 5, windowSeconds: 900 });
    this.tries = limits.window({ name: 'mail-links-tries', quota: 30, windowSeconds: 60 });
  }

  /**
   * Does the same for an address that no account has, statement by statement; nothing is sent then.
   *
   * @returns for how long the link is good, in seconds
   * @throws LatchkeyError `throttle.too_many_requests`
   */
  async ask(reply: FastifyReply, email: string, actor: Actor): Promise<number> {
    const mailbox = email.trim().toLowerCase();
    await this.askedByAddress.require(reply, addressBlock(reply.request.ip));
    await this.askedForMailbox.require(reply, mailbox);
    const account = await this.users.findForSignIn(email);
    return this.dataSource.transaction(async (manager) => {
      const issued = await this.oneTime.issue(manager, MAIL_LINK, {
        subject: account === null ? { unknown: mailbox } : { userId: account.id },
      });
      await this.mails.put(manager, {
        mail: MAIL_LINK_MAIL,
        account: account ?? { id: null, email: mailbox },
        facts: { secretId: issued.id },
        cause: 'anybody',
      });
      await this.audit.record(manager, {
        action: mailLinkActions.requested,
        actor,
        ...(account !== null && { target: { type: 'user' as const, id: account.id } }),
      });
      return issued.expiresInSeconds;
    });
  }

  /**
   * Signs in, and makes the link worthless in the transaction that begins the session. It shows that the mailbox is
   * theirs, too: of an account whose address nobody has proved, the password and all else that a stranger may have
   * registered goes.
   *
   * @throws LatchkeyError `auth.proof_invalid`, `throttle.too_many_requests`, and what
   *   `CompleteSignIn.complete` throws: the link is good for another try then
   */
  async redeem(
    reply: FastifyReply,
    token: string,
    delivery: Delivery,
    actor: Actor,
  ): Promise<TokenResponse> {
    await this.tries.require(reply, addressBlock(reply.request.ip));
    const { account, shown } = await this.attempts.attemptSecret(reply, {
      purpose: MAIL_LINK,
      proof: { token },
      delivery,
      failure: 'wrong_link',
    });
    const prove = async (transaction: RevokingTransaction) => {
      const { manager } = transaction;
      await this.oneTime.consume(manager, shown);
      await this.verifyEmail.verifyIn(transaction, account.id, actor, 'clear');
      const proved = await this.users.findAccountById(account.id, manager);
      if (proved === null) throw oneTimeErrors.proofInvalid();
      return proved;
    };
    return this.signIn.complete(reply, {
      account,
      factors: [LINK.shown()],
      delivery,
      ...(account.emailVerified
        ? { consume: (manager) => this.oneTime.consume(manager, shown) }
        : { prove }),
    });
  }
}
