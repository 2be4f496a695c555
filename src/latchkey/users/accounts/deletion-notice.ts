import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import type { ProfileRow } from './store/user-store.js';

export type AccountToDelete = Pick<
  ProfileRow,
  'id' | 'email' | 'emailVerified' | 'name' | 'locale'
>;

/** Port: tells the owner of an account that it is being deleted. Mails are not known here. */
export abstract class DeletionNotice {
  /**
   * @param manager of the transaction that deletes it
   * @param account as it is still
   * @param languages `Accept-Language` of the owner, if it was they
   */
  abstract put(
    manager: EntityManager,
    account: AccountToDelete,
    actor: Actor,
    languages?: string,
  ): Promise<void>;
}
