import type { RowResult } from '../measure-row.js';

/** What a complete run has measured. */
export interface RunResults {
  readonly startedAt: Date;
  readonly quick: boolean;
  readonly results: readonly RowResult[];
}
