import type { BenchRun } from './bench-run.js';

export interface Goal {
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** One measured number. */
export interface Figure {
  readonly label: string;
  readonly value: number;
  /** `×` for ratios. */
  readonly unit: string;
  /** Absent where the number is only there to be read beside the others. */
  readonly goal?: Goal;
  /** What each round gave; `value` is their median. */
  readonly rounds?: readonly number[];
}

/** One line of the table of targets, and how it is measured. */
export interface Row {
  /** What `npm run bench -- <name>` calls it. */
  readonly name: string;
  readonly title: string;
  /** The target in words. */
  readonly target: string;
  run(bench: BenchRun): Promise<Figure[]>;
}

/** Thrown by a row that measures something this version of the service does not have. */
export class NotAvailable extends Error {}
