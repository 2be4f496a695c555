import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DataSource, type EntityManager } from 'typeorm';
import {
  type Actor,
  AuditTrail,
  addressBlock,
  CompleteSignIn,
  type Delivery,
  defineAuditActions,
  defineFactor,
  defineOneTimePurpose,
  type IssuedSecret,
  Limits,
  OneTimeSecrets,
  Outbox,
  oneTimeErrors,
  SignInAttempts,
  type TokenResponse,
  type WindowLimit,
} from '../latchkey/index.js';
import { SMS_CODE_KIND } from './send-sms-code.js';
import { UserPhone } from './user-phone.entity.js';

const smsActions = defineAuditActions({ requested: 'sms_code.requested' });

/** It signs in by itself, and is one factor: an account that has a second one is asked for it as well. */
const SMS = defineFactor({ name: 'sms_code', amr: ['sms'], role: 'first' });

/** Anybody may type anybody's number: what one person asks for leaves the codes of another good. */
const SMS_CODE = defineOneTimePurpose({
  name: 'sms-code',
  lifetimeSeconds: 600,
  diesWith: ['password'],
  anybodyMayAsk: true,
});

/** Signing in by a code that comes by SMS. */
@Injectable()
export class SmsCodes {
  private readonly askedByAddress: WindowLimit;
  private readonly askedForNumber: WindowLimit;
  private readonly tries: WindowLimit;

  constructor(
    private readonly dataSource: DataSource,
    private readonly oneTime: OneTimeSecrets,
    private readonly outbox: Outbox,
    private readonly attempts: SignInAttempts,
    private readonly signIn: CompleteSignIn,
    private readonly audit: AuditTrail,
    limits: Limits,
  ) {
    this.askedByAddress = limits.window({ name: 'sms-address', quota: 20, windowSeconds: 900 });
    // For the owner's peace and your bill: guessing at codes is bounded by their tickets.
    this.askedForNumber = limits.window({ name: 'sms-number', quota: 5, windowSeconds: 900 });
    this.tries = limits.window({ name: 'sms-tries', quota: 100, windowSeconds: 900 });
  }

  /**
   * Does the same for a number that nobody has, statement by statement; the worker sends nothing then.
   *
   * @throws LatchkeyError `throttle.too_many_requests`
   */
  async ask(reply: FastifyReply, phone: string, actor: Actor): Promise<IssuedSecret> {
    await this.askedByAddress.require(reply, addressBlock(reply.request.ip));
    await this.askedForNumber.require(reply, phone);
    return this.dataSource.transaction(async (manager) => {
      const known = await manager.findOneBy(UserPhone, { phone });
      const issued = await this.oneTime.issue(manager, SMS_CODE, {
        subject: known === null ? { unknown: phone } : { userId: known.userId },
        details: { phoneId: known?.id ?? null },
      });
      await this.outbox.put(manager, {
        kind: SMS_CODE_KIND,
        recipient: issued.id,
        payload: { secretId: issued.id },
      });
      await this.audit.record(manager, {
        action: smsActions.requested,
        actor,
        ...(known !== null && { target: { type: 'user' as const, id: known.userId } }),
      });
      return issued;
    });
  }

  /**
   * Signs in, and makes the code worthless in the transaction that begins the session.
   *
   * @throws LatchkeyError `auth.proof_invalid`, `throttle.too_many_requests`, and what
   *   `CompleteSignIn.complete` throws: the code is good for another try then
   */
  async redeem(
    reply: FastifyReply,
    proof: { readonly ticket: string; readonly code: string },
    delivery: Delivery,
  ): Promise<TokenResponse> {
    await this.tries.require(reply, addressBlock(reply.request.ip));
    const { account, shown } = await this.attempts.attemptSecret(reply, {
      purpose: SMS_CODE,
      proof,
      delivery,
      failure: 'wrong_code',
    });
    return this.signIn.complete(reply, {
      account,
      factors: [SMS.shown()],
      delivery,
      consume: async (manager) => {
        await this.oneTime.consume(manager, shown);
        await requireStillTheirs(manager, String(shown.details.phoneId));
      },
    });
  }
}

/** Whoever has the former number of somebody is not let in by what was sent to it. */
async function requireStillTheirs(manager: EntityManager, phoneId: string): Promise<void> {
  const isTheirs = await manager.existsBy(UserPhone, { id: phoneId });
  if (!isTheirs) throw oneTimeErrors.proofInvalid();
}
