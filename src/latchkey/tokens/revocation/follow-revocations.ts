import type { EntityManager } from 'typeorm';
import type { Revocation } from './kinds/revocation.js';

/**
 * Port: something that has to be done with every revocation of some kind, or not at all. Provide a class that
 * extends it in any module.
 */
export abstract class FollowRevocations {
  /**
   * Called in the transaction that revokes, as the last thing before its commit: what is written here is
   * committed with the revocations.
   *
   * @param revocations at least one
   */
  abstract follow(manager: EntityManager, revocations: readonly Revocation[]): Promise<void>;
}
