import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import type { SignInAccount } from '../../users/accounts/sign-in-account.js';

export type SignInFailure =
  | 'unknown_account'
  | 'no_password'
  | 'wrong_password'
  | 'account_disabled'
  | 'email_unverified';

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

  /** One statement whatever the failure, so that the time does not tell which it was. */
  async record(
    account: Pick<SignInAccount, 'id'> | null,
    reason: SignInFailure,
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
