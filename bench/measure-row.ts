import type { BenchRun } from './bench-run.js';
import { type Figure, NotAvailable, type Row } from './row.js';

export interface RowResult {
  readonly name: string;
  readonly title: string;
  readonly target: string;
  readonly figures: readonly Figure[];
  /** How long it took to measure. */
  readonly seconds: number;
  /** Why there is nothing to measure yet. */
  readonly notAvailable?: string;
  /** Why it could not be measured. */
  readonly failure?: string;
}

/** One row that fails does not keep the others from being measured. */
export async function measureRow(bench: BenchRun, row: Row): Promise<RowResult> {
  const { name, title, target } = row;
  const startedAt = performance.now();
  const about = (rest: Partial<RowResult>): RowResult => ({
    name,
    title,
    target,
    figures: [],
    seconds: Math.round((performance.now() - startedAt) / 1_000),
    ...rest,
  });
  try {
    return about({ figures: await row.run(bench) });
  } catch (error) {
    if (error instanceof NotAvailable) return about({ notAvailable: error.message });
    return about({ failure: error instanceof Error ? (error.stack ?? error.message) : `${error}` });
  } finally {
    await bench.release();
  }
}
