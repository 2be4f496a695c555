import { Injectable } from '@nestjs/common';
import { Revocations, type RevokingTransaction } from '../../tokens/revocation/revocations.js';
import { UserAuthorityStore } from './store/user-authority-store.js';

/**
 * For facts of a team's own that its claims are made of: a plan, a tenant, a quota. Once they have
 * changed, access tokens that say otherwise are refused with 401 `access.token_stale` on every instance
 * within milliseconds; clients refresh, and contributors are asked again. No session ends.
 *
 * @example
 * ```ts
 * await this.revocations.commit(async (transaction) => {
 *   await transaction.manager.update(Plan, { userId }, { name: 'gold' });
 *   await this.makeStale.in(transaction, userId);
 * });
 * ```
 */
@Injectable()
export class MakeStale {
  constructor(
    private readonly revocations: Revocations,
    private readonly authority: UserAuthorityStore,
  ) {}

  /** @returns whether there is such a user */
  now(userId: string): Promise<boolean> {
    return this.revocations.commit((transaction) => this.in(transaction, userId));
  }

  /** The same with the change that causes it: both are there, or neither. */
  in(transaction: RevokingTransaction, userId: string): Promise<boolean> {
    return this.authority.makeTokensStale(transaction, userId);
  }
}
