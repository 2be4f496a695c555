/**
 * How many times a check that is worth repeating runs: `quick` by default, `full` with
 * `TEST_DEPTH=full`, which CI sets. `TEST_RUNS` overrides both, to repeat one check a
 * given number of times (`TEST_RUNS=5 npm test -- test/latchkey/tokens/sessions/rotation-model.test.ts`).
 */
export function repeated({ quick, full }: { quick: number; full: number }): number {
  return wantedRuns() ?? (isFullDepth() ? full : quick);
}

/**
 * The cells of a large table: all of them at full depth, and otherwise one in so many, spread over the whole
 * table from the first to the last.
 */
export function sampled<Cell>(table: readonly Cell[], { oneIn }: { oneIn: number }): Cell[] {
  if (isFullDepth() || table.length === 0) return [...table];
  const size = Math.ceil((table.length - 1) / oneIn) + 1;
  const places = Array.from({ length: size }, (_, place) =>
    Math.round((place * (table.length - 1)) / Math.max(1, size - 1)),
  );
  return [...new Set(places)].flatMap((place) => table.slice(place, place + 1));
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
