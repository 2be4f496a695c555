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
  Limits,
  OneTimeSecrets,
  RequireAuthority,
  SignInAttempts,
  type TokenResponse,
  type WindowLimit,
} from '../latchkey/index.js';

const linkActions = defineAuditActions({ issued: 'sign_in_link.issued' });

/** It signs in by itself, and is one factor: an account that has a second one is asked for it as well. */
const LINK = defineFactor({ name: 'sign_in_link', amr: ['otp'], role: 'first' });

/** Dead once it has been used, after a quarter of an hour, and with another address or password. */
const SIGN_IN_LINK = defineOneTimePurpose({
  name: 'sign-in-link',
  lifetimeSeconds: 900,
  diesWith: ['address', 'password'],
});

/** Links that sign in: staff makes one for a customer, and sends it over a chat, say. */
@Injectable()
export class SignInLinks {
  private readonly tries: WindowLimit;

  constructor(
    private readonly dataSource: DataSource,
    private readonly oneTime: OneTimeSecrets,
    private readonly attempts: SignInAttempts,
    private readonly authority: RequireAuthority,
    private readonly signIn: CompleteSignIn,
    private readonly audit: AuditTrail,
    limits: Limits,
  ) {
    this.tries = limits.window({ name: 'sign-in-links', quota: 30, windowSeconds: 60 });
  }

  /**
   * What your page is opened with, behind `#`: no server and no log sees it there.
   *
   * @throws LatchkeyError `users.not_found`, `roles.escalation` for an account that holds more than the
   *   actor: who has its link has the account
   */
  issue(userId: string, actor: Actor): Promise<{ token: string; expiresInSeconds: number }> {
    return this.dataSource.transaction(async (manager) => {
      await this.authority.requireOver(manager, userId, actor);
      const issued = await this.oneTime.issueToken(manager, SIGN_IN_LINK, { subject: { userId } });
      await this.audit.record(manager, {
        action: linkActions.issued,
        actor,
        target: { type: 'user', id: userId },
        details: { expiresInSeconds: issued.expiresInSeconds },
      });
      return issued;
    });
  }

  /**
   * Signs in, and makes the link worthless in the transaction that begins the session.
   *
   * @throws LatchkeyError `auth.proof_invalid`, `throttle.too_many_requests`, and what
   *   `CompleteSignIn.complete` throws: the link is good for another try then
   */
  async redeem(reply: FastifyReply, token: string, delivery: Delivery): Promise<TokenResponse> {
    await this.tries.require(reply, addressBlock(reply.request.ip));
    const { account, shown } = await this.attempts.attemptSecret(reply, {
      purpose: SIGN_IN_LINK,
      proof: { token },
      delivery,
      failure: 'wrong_link',
    });
    return this.signIn.complete(reply, {
      account,
      factors: [LINK.shown()],
      delivery,
      consume: (manager) => this.oneTime.consume(manager, shown),
    });
  }
}
