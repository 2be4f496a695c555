import { probabilityOfGreater } from './probability-of-greater.js';

/** Sends one request of a kind. */
export type Attempt = () => Promise<unknown>;

interface ToldApart {
  readonly tries: number;
  readonly kinds: string;
  /** The area under the ROC curve of a classifier by time, whichever way round it decides. */
  readonly auc: number;
}

const WARM_UP_TURNS = 5;

/**
 * How well the two kinds that differ most can be told apart by the time that they take. Kinds are
 * tried in turns, in random order within each, so that a slow spell is slow for all of them.
 *
 * Of 200 tries each the area has a standard error of 0.03 even where nothing differs: while it is
 * above what is allowed, as many tries again are added, up to four times as many in all.
 */
export async function toldApart(
  attempts: Readonly<Record<string, Attempt>>,
  { tries, allowed }: { tries: number; allowed: number },
): Promise<ToldApart> {
  const times = new Map(Object.keys(attempts).map((kind) => [kind, [] as number[]]));
  await takeTurns(attempts, WARM_UP_TURNS, () => undefined);
  for (let round = 1; ; round += 1) {
    await takeTurns(attempts, tries, (kind, time) => times.get(kind)?.push(time));
    const worst = mostDifferent(times);
    if (worst.auc <= allowed || round === 4) return { ...worst, tries: round * tries };
  }
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

function mostDifferent(times: ReadonlyMap<string, readonly number[]>): Omit<ToldApart, 'tries'> {
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
