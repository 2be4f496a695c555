import type { EntityManager } from 'typeorm';
import type { AuthorizationFacts } from './access-token-claims.js';

/**
 * A table that counts versions of what access tokens say: of what accounts of one kind hold, of what
 * roles permit, or of what sessions carry. A store that keeps one extends this, and is found by its class.
 */
export abstract class KeptVersions {
  abstract readonly keeps: 'userVersion' | 'rolesVersion' | 'sessionVersion';

  /**
   * The version now; null for an account or a session that is not in this table.
   *
   * @param manager of the transaction that the caller is in, if it is in one
   */
  abstract read(manager: EntityManager, id: AuthorizationFacts['userId']): Promise<number | null>;

  /**
   * Raises the version to this one; one that is as high already stays. Does nothing for an account
   * or a session that is not in this table.
   *
   * @param id of the account or the session whose version it is; of no matter where one version dates all
   */
  abstract raiseTo(version: number, id: AuthorizationFacts['userId']): Promise<void>;
}
