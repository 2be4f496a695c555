import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../../../audit/actor.js';
import { addressBlock } from '../../../audit/address-block.js';
import { AuditTrail } from '../../../audit/audit-trail.js';
import type { LimitedSubject } from '../../../platform/limits/judge-attempt.js';
import type { ServiceLimit } from '../../../platform/limits/service-limit.js';
import { UserDirectory } from '../../../users/accounts/user-directory.js';
import { PasswordChangeThrottle } from '../../account/password-change-throttle.js';
import { SecondFactorThrottle } from '../../second-factor/second-factor-throttle.js';
import { SignInThrottle } from '../../sign-in/sign-in-throttle.js';

/** Whose attempts are refused: those at an account, or those from an address. */
export type Paused = { readonly userId: string } | { readonly ip: string };

/**
 * What refuses attempts at the moment because too many have failed, and its end by an admin: the owner of
 * an account has called, or an office shares an address. What a single known device or session has used
 * up is not among it: its owner signs in from it again when the pause is over.
 */
@Injectable()
export class Pauses {
  constructor(
    private readonly dataSource: DataSource,
    private readonly users: UserDirectory,
    private readonly audit: AuditTrail,
    private readonly signIns: SignInThrottle,
    private readonly secondFactors: SecondFactorThrottle,
    private readonly passwordChanges: PasswordChangeThrottle,
  ) {}

  /**
   * The limits that refuse attempts now.
   *
   * @throws LatchkeyError `users.not_found`
   */
  async list(whom: Paused): Promise<ServiceLimit[]> {
    const standing = await this.standing(whom);
    return standing.map(({ refusal }) => refusal);
  }

  /**
   * Has attempts let in again that are refused now, as if none had failed.
   *
   * @param reason kept in the audit trail
   * @returns the limits that refused them, none when nothing was refused
   * @throws LatchkeyError `users.not_found`
   */
  async lift(whom: Paused, actor: Actor, reason?: string): Promise<ServiceLimit[]> {
    const standing = await this.standing(whom);
    if (standing.length === 0) return [];
    await this.audit.record(this.dataSource.manager, {
      action: 'throttle.lifted',
      actor,
      ...('userId' in whom && { target: { type: 'user', id: whom.userId } }),
      details: {
        policies: standing.map(({ refusal }) => refusal.policy.name),
        ...('ip' in whom && { ip: addressBlock(whom.ip) }),
      },
      ...(reason !== undefined && { reason }),
    });
    await Promise.all(standing.map(({ limit, subject }) => limit.lift(subject)));
    return standing.map(({ refusal }) => refusal);
  }

  private async standing(whom: Paused): Promise<(LimitedSubject & { refusal: ServiceLimit })[]> {
    const found = await Promise.all(
      (await this.limitsOf(whom)).map(async ({ limit, subject }) => {
        const refusal = await limit.findRefusal(subject);
        return refusal === null ? [] : [{ limit, subject, refusal }];
      }),
    );
    return found.flat();
  }

  private async limitsOf(whom: Paused): Promise<LimitedSubject[]> {
    if ('ip' in whom) return [this.signIns.ofAddress(whom.ip)];
    const { id, email } = await this.users.getProfile(whom.userId);
    return [
      this.signIns.ofAccount(email),
      this.secondFactors.ofAccount(id),
      ...this.passwordChanges.ofUser(id),
    ];
  }
}
