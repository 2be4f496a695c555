import type { EntityManager } from 'typeorm';

/** An account as far as one-time secrets depend on it. */
export interface AccountState {
  readonly active: boolean;
  /** What makes two addresses the same account. */
  readonly address: string;
  /** Another one with each other password. */
  readonly password: number;
  readonly verification: boolean;
}

/** Port: what has become of an account, for what was issued for it. Accounts are not known here. */
export abstract class AccountStates {
  /**
   * Reads the account and keeps it from changing until the transaction ends: a transaction that changes it
   * locks it first as well. Null when there is no such account.
   */
  abstract lock(manager: EntityManager, userId: string): Promise<AccountState | null>;

  /** The same, but keeps it only from being deleted: sign-ins and changes do not wait. */
  abstract keep(manager: EntityManager, userId: string): Promise<AccountState | null>;
}
