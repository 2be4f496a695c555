import { Injectable } from '@nestjs/common';
import { Revocations, type RevokingTransaction } from '../../tokens/revocation/revocations.js';

/**
 * For facts of a team's own that its claims are made of: a plan, a tenant, a quota. Once they have
 * changed, access tokens that say otherwise are refused with 401 `access.token_stale` on every instance
 * within milliseconds; clients refresh, and contributors are asked anew. It signs nobody out.
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
  constructor(private readonly revocations: Revocations) {}

  /** @returns whether there is such a user */
  now(userId: string): Promise<boolean> {
    return this.revocations.commit((transaction) => this.in(transaction, userId));
  }

  /** The same with the change that causes it: both are there, or neither. */
  async in(transaction: RevokingTransaction, userId: string): Promise<boolean> {
    const [rows]: [{ version: number }[], number] = await transaction.manager.query(
      `UPDATE users SET authorization_version = authorization_version + 1
       WHERE id = $1 RETURNING authorization_version AS version`,
      [userId],
    );
    for (const { version } of rows) transaction.revoke({ kind: 'user-version', userId, version });
    return rows.length > 0;
  }
}
