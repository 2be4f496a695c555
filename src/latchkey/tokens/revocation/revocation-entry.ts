import type { Revocation } from './revocation.js';

/** A revocation that an unexpired token could still meet. */
export interface RevocationEntry {
  readonly revocation: Revocation;
  /** For how long it is still needed. */
  readonly remainingSeconds: number;
}
