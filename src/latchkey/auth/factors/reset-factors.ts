import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/actor.js';
import { ProvidedSecondFactors } from '../../tokens/assurance/provided-second-factors.js';
import { Revocations } from '../../tokens/revocation/revocations.js';
import { SessionEnder } from '../../tokens/sessions/session-ender.js';
import { RequireAuthority } from '../../users/accounts/require-authority.js';
import { FactorStore } from '../../users/factors/factor-store.js';
import { WaysIn } from '../ways-in/ways-in.js';
import { FactorChanges } from './factor-changes.js';

/** Takes every factor but the password from an account whose owner has lost theirs. */
@Injectable()
export class ResetFactors {
  constructor(
    private readonly revocations: Revocations,
    private readonly authority: RequireAuthority,
    private readonly changes: FactorChanges,
    private readonly store: FactorStore,
    private readonly secondFactors: ProvidedSecondFactors,
    private readonly ender: SessionEnder,
    private readonly waysIn: WaysIn,
  ) {}

  /**
   * Ends every session of the account, and has its owner told by mail. Does nothing where there is no factor.
   *
   * @param reason kept in the audit trail
   * @throws LatchkeyError `users.not_found`, `roles.escalation`, `factors.last_way_in` where the owner could not
   *   get in afterwards
   */
  reset(userId: string, actor: Actor, reason?: string): Promise<void> {
    return this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      await this.authority.requireOver(manager, userId, actor);
      const account = await this.changes.lock(manager, userId);
      const factors = await this.store.list(manager, userId);
      const usable = await this.secondFactors.usableBy(manager, userId);
      const ways = await this.waysIn.of(manager, account);
      this.waysIn.requireReachable(ways, { ...ways, passkeys: 0 });
      await this.secondFactors.removeAll(manager, userId);
      if (factors.length === 0 && usable.length === 0) return;
      await this.ender.endAllOfUser(transaction, userId, { reason: 'admin', actor });
      await this.changes.tell(
        manager,
        { account, actor },
        {
          action: 'factors.reset',
          notice: 'factors-reset',
          details: { kinds: factors.map(({ kind }) => kind) },
          ...(reason !== undefined && { reason }),
        },
      );
    });
  }
}
