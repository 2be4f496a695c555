/**
 * How many times a check that is worth repeating runs: `quick` by default, `full` with
 * `TEST_DEPTH=full`, which CI sets. `TEST_RUNS` overrides both, to repeat one check a
 * given number of times (`TEST_RUNS=5 npm test -- test/latchkey/tokens/sessions/rotation-model.test.ts`).
 */
export function repeated({ quick, full }: { quick: number; full: number }): number {
  return wantedRuns() ?? (isFullDepth() ? full : quick);
}

/**
 * The cells of a large table: all of them at full depth, and otherwise one in so many, spread over the table.
 *
 * @param turn another number takes other cells: so many turns take all of them
 */
export function sampled<Cell>(
  table: readonly Cell[],
  { oneIn, turn = 0 }: { oneIn: number; turn?: number },
): Cell[] {
  const step = isFullDepth() ? 1 : Math.max(1, Math.min(oneIn, table.length));
  return table.filter((_, index) => (index + turn) % step === 0);
}

/** Whether checks are repeated as often as CI does it. */
export function isFullDepth(): boolean {
  const depth = process.env.TEST_DEPTH ?? '';
  if (depth !== '' && depth !== 'full') {
    throw new Error(`TEST_DEPTH is "${depth}"; leave it out, or set it to "full".`);
  }
  return depth === 'full';
}

function wantedRuns(): number | undefined {
  const runs = process.env.TEST_RUNS ?? '';
  if (runs === '') {
    return undefined;
  }
  if (!/^[1-9]\d{0,6}$/.test(runs)) {
    throw new Error(`TEST_RUNS is "${runs}"; it is a whole number above zero.`);
  }
  return Number(runs);
}
