import type { Figure, Goal } from '../row.js';

export type Verdict = 'met' | 'missed' | null;

/** Null for a figure without a goal. */
export function verdictOf({ value, goal }: Figure): Verdict {
  if (goal === undefined) return null;
  const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = goal;
  return value >= atLeast && value <= atMost ? 'met' : 'missed';
}

export function goalText(goal: Goal | undefined, unit: string): string {
  if (goal?.atLeast !== undefined) return `≥ ${withUnit(goal.atLeast, unit)}`;
  if (goal?.atMost !== undefined) return `≤ ${withUnit(goal.atMost, unit)}`;
  return '';
}

export function withUnit(value: number, unit: string): string {
  return unit === '' ? format(value) : `${format(value)} ${unit}`;
}

/** Three significant digits, and thousands apart. */
function format(value: number): string {
  const rounded = Number(value.toPrecision(3));
  return Math.abs(value) >= 1_000
    ? Math.round(value).toLocaleString('en')
    : rounded.toLocaleString('en', { maximumSignificantDigits: 3 });
}
