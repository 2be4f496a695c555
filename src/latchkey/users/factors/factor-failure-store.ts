import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** NIST SP 800-63B-4 section 3.2.2 allows as many. */
const MAX_WRONG_CODES = 100;

/** The table `factor_failures`: how many wrong codes an account has been shown, all in all. */
@Injectable()
export class FactorFailureStore {
  /**
   * Counts a code as wrong before it is looked at, so that no number of them at once gets past the limit.
   *
   * @param manager of no transaction: it must stay counted whatever becomes of the request
   * @returns false when there have been too many
   */
  async begin(manager: EntityManager, userId: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `INSERT INTO factor_failures AS failures (user_id, wrong_codes) VALUES ($1, 1)
       ON CONFLICT (user_id) DO UPDATE SET wrong_codes = failures.wrong_codes + 1
       WHERE failures.wrong_codes < ${MAX_WRONG_CODES} RETURNING user_id`,
      [userId],
    );
    return rows.length > 0;
  }

  /** The code was right. */
  async takeBack(manager: EntityManager, userId: string): Promise<void> {
    await manager.query(
      'UPDATE factor_failures SET wrong_codes = greatest(wrong_codes - 1, 0) WHERE user_id = $1',
      [userId],
    );
  }

  /** Begins again, for factors that nobody has guessed at yet. */
  async forget(manager: EntityManager, userId: string): Promise<void> {
    await manager.query('DELETE FROM factor_failures WHERE user_id = $1', [userId]);
  }
}
