import { probabilityOfGreater } from './probability-of-greater.js';

/** Sends one request of a kind. */
export type Attempt = () => Promise<unknown>;

export interface ToldApart {
  readonly kinds: string;
  /** The area under the ROC curve of a classifier by time, whichever way round it decides. */
  readonly auc: number;
}

const WARM_UP_TURNS = 5;

/**
 * How well the two kinds that differ most can be told apart by the time that they take. Kinds are
 * tried in turns, in random order within each, so that a slow spell is slow for all of them.
 *
 * @param tries of each kind, all of which are made before anybody looks: whoever goes on until the
 *   area is what they want it to be finds that it is. Where nothing differs, its standard error is
 *   0.41 divided by the square root of them.
 */
export async function toldApart(
  attempts: Readonly<Record<string, Attempt>>,
  tries: number,
): Promise<ToldApart> {
  const times = new Map(Object.keys(attempts).map((kind) => [kind, [] as number[]]));
  await takeTurns(attempts, WARM_UP_TURNS, () => undefined);
  await takeTurns(attempts, tries, (kind, time) => times.get(kind)?.push(time));
  return mostDifferent(times);
}

async function takeTurns(
  attempts: Readonly<Record<string, Attempt>>,
  turns: number,
  report: (kind: string, milliseconds: number) => void,
): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [kind, attempt] of shuffled(Object.entries(attempts))) {
      const start = performance.now();
      await attempt();
      report(kind, performance.now() - start);
    }
  }
}

function mostDifferent(times: ReadonlyMap<string, readonly number[]>): ToldApart {
  const kinds = [...times];
  const pairs = kinds.flatMap(([kind, samples], index) =>
    kinds.slice(index + 1).map(([other, others]) => {
      const greater = probabilityOfGreater(samples, others);
      return { kinds: `${kind} against ${other}`, auc: Math.max(greater, 1 - greater) };
    }),
  );
  return pairs.reduce((worst, pair) => (pair.auc > worst.auc ? pair : worst));
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
