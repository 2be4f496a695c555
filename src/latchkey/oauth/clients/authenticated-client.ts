import type { AuthorizationFacts } from '../../tokens/access-tokens/authorization-facts.js';

/** A client that has just shown its secret. */
export interface AuthenticatedClient {
  readonly id: string;
  /** What it may do, read in the statement that found it. */
  readonly facts: AuthorizationFacts;
  /** When the database last said that it was active, in milliseconds by the database's clock. */
  readonly seenActiveAtMs: number;
  /**
   * When what it is given now begins, in whole milliseconds: after every emergency stop so far, even
   * if the database's clock has been set back since.
   */
  readonly sessionMomentMs: number;
}
