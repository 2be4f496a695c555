import type { GlobalCutoff } from './global-cutoffs.js';
import type { KeyPublication } from './published-keys.js';
import type { RoleVersionRevocation } from './raised-role-versions.js';
import type { SessionVersionRevocation } from './raised-session-versions.js';
import type { UserVersionRevocation } from './raised-user-versions.js';
import type { KeyRevocation } from './revoked-keys.js';
import type { SessionRevocation } from './revoked-sessions.js';
import type { UserCutoff } from './user-cutoffs.js';

/**
 * What makes access tokens unacceptable before they expire. A revocation is never taken back, so
 * applying one twice, late or out of order does no harm.
 *
 * A new kind is a file in `kinds/`, a line here and a line in `revocation-kinds.ts`.
 */
export type Revocation =
  | SessionRevocation
  | UserCutoff
  | GlobalCutoff
  | UserVersionRevocation
  | SessionVersionRevocation
  | RoleVersionRevocation
  | KeyRevocation
  | KeyPublication;

/** A revocation that an unexpired token could still meet. */
export interface RevocationEntry {
  readonly revocation: Revocation;
  /** For how long it is still needed. */
  readonly remainingSeconds: number;
}
