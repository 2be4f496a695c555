import { validateSync } from 'class-validator';
import { expect, it } from 'vitest';
import { IsInstant } from '../../../src/latchkey/platform/http/validation/is-instant.decorator.js';

class Range {
  @IsInstant()
  from: unknown;
}

it.each([
  ['2026-01-31', true],
  ['2026-01-31T12:00Z', true],
  ['2026-01-31T12:00:00.123Z', true],
  ['2024-02-29T23:59:59+02:00', true],
  ['2026-02-30', false],
  ['2026-02-29T00:00:00Z', false],
  ['2026-01-31T25:00:00Z', false],
  ['2026-01-31T12:00:00', false],
  ['2026-W01-1', false],
  ['0000-01-01', false],
  ['yesterday', false],
  ['', false],
  [1_790_000_000, false],
  [['2026-01-31'], false],
])('%j is a moment: %s', (value, valid) => {
  const problems = validateSync(Object.assign(new Range(), { from: value }));
  expect(problems.length === 0).toBe(valid);
});
