import type { Lane } from './lane.js';

/** Who wants a password checked, and what is asked when their turn has come. */
export interface PasswordCheck {
  readonly lane: Lane;
  /**
   * Called before anything is hashed, with the turn held: be quick. False: not yet, it is asked
   * again a moment later. What it throws ends the check.
   */
  readonly mayBegin?: () => Promise<boolean>;
}
