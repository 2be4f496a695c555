import type { AuthorizationFacts } from './access-token-claims.js';

/**
 * A table that counts versions of authority: of what accounts of one kind hold, or of what roles
 * permit. A store that keeps one extends this, and is found by its class.
 */
export abstract class KeptVersions {
  abstract readonly keeps: 'userVersion' | 'rolesVersion';

  /**
   * Raises the version to this one; one that is as high already stays. Does nothing for an account
   * that is not in this table.
   *
   * @param accountId whose version it is; of no matter where one version dates all
   */
  abstract raiseTo(version: number, accountId: AuthorizationFacts['userId']): Promise<void>;
}
