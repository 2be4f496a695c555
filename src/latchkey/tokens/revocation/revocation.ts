import type { GlobalCutoff } from './kinds/global-cutoffs.js';
import type { KeyPublication } from './kinds/published-keys.js';
import type { RoleVersionRevocation } from './kinds/raised-role-versions.js';
import type { UserVersionRevocation } from './kinds/raised-user-versions.js';
import type { KeyRevocation } from './kinds/revoked-keys.js';
import type { SessionRevocation } from './kinds/revoked-sessions.js';
import type { UserCutoff } from './kinds/user-cutoffs.js';

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
  | RoleVersionRevocation
  | KeyRevocation
  | KeyPublication;
