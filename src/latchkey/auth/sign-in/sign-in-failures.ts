import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { actorOf } from '../../audit/current-actor.decorator.js';
import type { ServiceLimit } from '../../platform/limits/service-limit.js';
import type { SignInAccount } from '../../users/accounts/sign-in-account.js';
import { Users } from '../../users/accounts/users.js';

export type SignInFailure =
  | 'unknown_account'
  | 'no_password'
  | 'wrong_password'
  | 'account_disabled'
  | 'email_unverified'
  | 'wrong_second_factor'
  | 'wrong_passkey'
  | 'wrong_mail_code'
  | 'wrong_mail_link';

/**
 * Shows admins who tried to get in and could not. What was typed is never kept: people type their
 * password into the field for the address.
 */
@Injectable()
export class SignInFailures {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * One statement whatever the failure, so that the time does not tell which it was.
   *
   * @param reason Latchkey's, or that of a method of the team's own
   */
  async record(
    account: Pick<SignInAccount, 'id'> | null,
    reason: SignInFailure | (string & {}),
    actor: Actor,
  ): Promise<void> {
    await this.audit.record(this.dataSource.manager, {
      action: 'sign_in.failed',
      outcome: 'failure',
      actor,
      reason,
      ...(account !== null && { target: { type: 'user' as const, id: account.id } }),
    });
  }
}

/**
 * Shows admins when guessing was stopped: once for each time that it is, and never for what is
 * refused meanwhile, so that a flood of requests is no flood of events.
 */
@Injectable()
export class ThrottledSignIns {
  constructor(
    private readonly dataSource: DataSource,
    private readonly users: Users,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * The same statements whether or not there is such an account.
   *
   * @param email absent where nobody has said whose account it is
   */
  async record(request: FastifyRequest, limit: ServiceLimit, email?: string): Promise<void> {
    const account = email === undefined ? null : await this.users.findForSignIn(email);
    await this.audit.record(this.dataSource.manager, {
      action: 'sign_in.throttled',
      outcome: 'failure',
      actor: actorOf(request),
      details: { policy: limit.policy.name, seconds: limit.resetSeconds },
      ...(account !== null && { target: { type: 'user' as const, id: account.id } }),
    });
  }
}
