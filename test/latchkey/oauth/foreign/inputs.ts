/** How one parameter of a request that is right is made wrong. */
export interface Change {
  /** `scope: missing`, by which the table of differences calls it. */
  readonly name: string;
  readonly parameter: string;
  /** Each value that is sent; none: the parameter is missing. */
  readonly values: readonly string[];
}

export interface Input {
  readonly name: string;
  readonly changes: readonly Change[];
}

const LONG = 'x'.repeat(3_000);

/** Of parameters that a right request has. */
export function changesOf(
  right: Record<string, string>,
  wrong: Record<string, string[]>,
): Change[] {
  return Object.entries(right).flatMap(([parameter, value]) => [
    ...changes(parameter, {
      missing: [],
      doubled: [value, value],
      'there twice, with two values': [value, `${value}2`],
      empty: [''],
      'too long': [value + LONG],
      'with a line break': [`${value}\n`],
      'with a letter that is not ASCII': [`${value}é`],
      'with a space around it': [` ${value} `],
    }),
    ...wrongOf(parameter, wrong),
  ]);
}

/** Of parameters that a right request may have besides. */
export function additionsOf(more: Record<string, string[]>): Change[] {
  return Object.entries(more).flatMap(([parameter, [value = '', ...others]]) => [
    ...changes(parameter, {
      given: [value],
      doubled: [value, value],
      empty: [''],
      'too long': [value + LONG],
    }),
    ...wrongOf(parameter, { [parameter]: others }),
  ]);
}

/** Each alone, and each of `kinds` of one parameter with each of another. */
export function inputsOf(all: readonly Change[], paired: readonly Change[]): Input[] {
  const single = all.map((change) => ({ name: change.name, changes: [change] }));
  const pairs = paired.flatMap((one, index) =>
    paired
      .slice(index + 1)
      .filter(({ parameter }) => parameter !== one.parameter)
      .map((other) => ({ name: `${one.name} + ${other.name}`, changes: [one, other] })),
  );
  return [...single, ...pairs];
}

/** The request with its changes, as a form or a query. */
export function formOf(right: Record<string, string>, { changes: made }: Input): URLSearchParams {
  const form = new URLSearchParams(right);
  for (const { parameter, values } of made) {
    form.delete(parameter);
    for (const value of values) form.append(parameter, value);
  }
  return form;
}

function changes(parameter: string, kinds: Record<string, string[]>): Change[] {
  return Object.entries(kinds).map(([kind, values]) => ({
    name: `${parameter}: ${kind}`,
    parameter,
    values,
  }));
}

function wrongOf(parameter: string, wrong: Record<string, string[]>): Change[] {
  return (wrong[parameter] ?? []).map((value) => ({
    name: `${parameter}: ${JSON.stringify(value)}`,
    parameter,
    values: [value],
  }));
}
