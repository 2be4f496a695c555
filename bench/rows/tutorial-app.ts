import { figure, ratio } from '../figures.js';
import { LoadGenerator, type Sample } from '../load/load-generator.js';
import type { Row } from '../row.js';
import type { MeasuredServer } from '../servers/measured-server.js';
import { startLatchkey } from '../servers/start-latchkey.js';
import { startTutorial } from '../tutorial/start-tutorial.js';
import { TUTORIAL_KEYS, type TutorialKeyKind } from '../tutorial/tutorial-keys.js';

const CONNECTIONS = 32;

const NAMES: Readonly<Record<TutorialKeyKind, string>> = {
  secret: 'tutorial app (secret as text)',
  'secret-mended': 'tutorial app mended (secret as KeyObject)',
  pem: 'tutorial app (ES256, PEM text)',
  'pem-mended': 'tutorial app mended (ES256, KeyObject)',
};

const GOALS: Partial<Record<TutorialKeyKind, { atLeast: number }>> = {
  secret: { atLeast: 8 },
  'secret-mended': { atLeast: 5 },
};

/** The targets hold against the shared secret: the faster of the two, and the more common. */
export const tutorialApp: Row = {
  name: 'tutorial-app',
  title: 'Guarded GET against the app of the tutorials (Express, passport-jwt, Redis denylist)',
  target: '≥ 8 × that app, and ≥ 5 × the same with its key mended',
  async run(bench) {
    const load = await LoadGenerator.start(bench);
    const measure = async (server: MeasuredServer) => {
      const tokens = await server.issueTokens(1);
      const path = '/bench/guarded';
      const plan = { method: 'GET', path, connections: CONNECTIONS, tokens } as const;
      return () => load.measure(server, { ...plan, seconds: bench.seconds });
    };
    const sides: Record<string, () => Promise<Sample>> = {
      Latchkey: await measure(await startLatchkey(bench, await bench.stores.createDatabase())),
    };
    for (const kind of TUTORIAL_KEYS) {
      sides[NAMES[kind]] = await measure(await startTutorial(bench, kind));
    }
    const samples = await bench.alternate(sides);
    const latchkey = samples.Latchkey ?? [];
    const perSecond = (sample: Sample) => sample.perSecond;
    return [
      ...TUTORIAL_KEYS.map((kind) =>
        ratio(
          `against the ${NAMES[kind]}`,
          latchkey,
          samples[NAMES[kind]] ?? [],
          perSecond,
          GOALS[kind],
        ),
      ),
      ...Object.entries(samples).flatMap(([name, measured]) => [
        figure(`${name}: requests`, '/s', measured.map(perSecond)),
        figure(
          `${name}: processor time per request`,
          'µs',
          measured.map(({ processorMicroseconds }) => processorMicroseconds),
        ),
      ]),
    ];
  },
};
