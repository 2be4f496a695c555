/**
 * Where somebody waits for a hash: steps from the general to the particular, such as the address and
 * then the account. At each step those who have parted are served in turn.
 */
export type Lane = readonly string[];

/** A command of the operator's: no request waits here. */
export const OPERATOR_LANE: Lane = ['operator'];

/** Of hashes that are renewed beside a sign-in that has succeeded: it does without if it must. */
export const RENEWAL_LANE: Lane = ['renewal'];

/** Who wants a password checked, and what is asked when their turn has come. */
export interface PasswordCheck {
  readonly lane: Lane;
  /**
   * Called before anything is hashed, with the turn held: be quick. False: not yet, it is asked
   * again a moment later. What it throws ends the check.
   */
  readonly mayBegin?: () => Promise<boolean>;
}
