import type { Difference } from './differences.js';
import type { Change, Input } from './inputs.js';

/** What each of them has answered. */
export interface Compared {
  readonly input: Input;
  readonly ours: string;
  readonly theirs: string;
}

/** Without the way by which an answer comes, which `response_mode` says. */
const bare = (answer: string) => answer.replace(/, (?:in the fragment|by a form)$/, '');

/** Differences of single changes explain those of two at once; so does which of two mistakes is named first. */
export function unexplained(all: readonly Compared[], table: readonly Difference[]): Compared[] {
  const single = new Map(all.map((one) => [one.input.name, one]));
  const isListed = ({ input, ...one }: Compared) =>
    table.some(
      (row) =>
        row.inputs.includes(input.name) && row.ours === one.ours && row.theirs === one.theirs,
    );
  return all.filter((one) => {
    if (one.ours === one.theirs || isListed(one)) return false;
    if (one.input.changes.length === 1) return true;
    const alone = one.input.changes.flatMap(({ name }) => single.get(name) ?? []);
    const isOneOfThem =
      alone.some((change) => bare(change.ours) === bare(one.ours)) &&
      alone.some((change) => bare(change.theirs) === bare(one.theirs));
    return !isOneOfThem;
  });
}

/** Rows of the table that nothing shows any more. */
export function stale(all: readonly Compared[], table: readonly Difference[]): string[] {
  return table.flatMap(({ inputs, ours: mine, theirs: other }) =>
    inputs.filter(
      (name) =>
        !all.some((one) => one.input.name === name && one.ours === mine && one.theirs === other),
    ),
  );
}

export const said = (all: readonly Compared[]) =>
  all.map((one) => `${one.input.name} | ${one.ours} | ${one.theirs}`);

/** Some of each parameter, to go in pairs. */
export const paired = (all: readonly Change[], parameters: readonly string[]) =>
  all.filter(
    ({ name, parameter }) =>
      parameters.includes(parameter) && /: (missing|empty|"|given)/.test(name),
  );
