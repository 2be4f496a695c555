import type { Figure, Goal } from './row.js';
import { median } from './statistics.js';

/** The median of what each round gave. */
export function figure(
  label: string,
  unit: string,
  rounds: readonly number[],
  goal?: Goal,
): Figure {
  return { label, unit, value: median(rounds), rounds, ...(goal && { goal }) };
}

/** The median of the ratios that each round gave: what disturbs a round disturbs both sides. */
export function ratio<T>(
  label: string,
  above: readonly T[],
  below: readonly T[],
  pick: (sample: T) => number,
  goal?: Goal,
): Figure {
  const rounds = above.map((sample, round) => {
    const other = below[round];
    if (other === undefined) throw new Error(`Round ${round + 1} has only one side.`);
    return pick(sample) / pick(other);
  });
  return figure(label, '×', rounds, goal);
}
