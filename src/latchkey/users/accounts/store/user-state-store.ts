import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type AccountState, AccountStates } from '../../../tokens/one-time/account-states.js';

/** The table `users`: what one-time secrets depend on. Sign-ins of the account wait for the lock. */
@Injectable()
export class UserStateStore extends AccountStates {
  override lock(manager: EntityManager, userId: string): Promise<AccountState | null> {
    return this.read(manager, userId, 'FOR NO KEY UPDATE');
  }

  override keep(manager: EntityManager, userId: string): Promise<AccountState | null> {
    return this.read(manager, userId, 'FOR KEY SHARE');
  }

  private async read(
    manager: EntityManager,
    userId: string,
    locking: string,
  ): Promise<AccountState | null> {
    const [account] = await manager.query<AccountState[]>(
      `SELECT status = 'active' AS active, email_key AS address, password_version AS password,
         email_verified AS verification
       FROM users WHERE id = $1 ${locking}`,
      [userId],
    );
    return account ?? null;
  }
}
