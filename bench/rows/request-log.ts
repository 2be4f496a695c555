import { figure, ratio } from '../figures.js';
import { LoadGenerator, type Sample } from '../load/load-generator.js';
import type { Row } from '../row.js';
import { startLatchkey } from '../servers/start-latchkey.js';

/** As for the other comparisons of guarded GETs: see compare-guarded.ts. */
const PROCESSES = 3;
const TURNS_PER_ROUND = 4;
const TURN = { seconds: 0.5, warmUpSeconds: 0.25 };
const CONNECTIONS = 32;

/** Two instances, which differ in their LOG_LEVEL alone. The log goes through a pipe, and is read. */
export const requestLog: Row = {
  name: 'request-log',
  title: 'Guarded GET as shipped (request log on) against the same without the log',
  target: '≤ 1.08 × the processor time per request',
  async run(bench) {
    const database = await bench.stores.createDatabase();
    const load = await LoadGenerator.start(bench);
    const logged: Sample[] = [];
    const silent: Sample[] = [];
    for (let count = 0; count < PROCESSES; count++) {
      const servers = {
        logged: await startLatchkey(bench, database, { LOG_LEVEL: 'info' }),
        silent: await startLatchkey(bench, database),
      };
      const tokens = await servers.silent.issueTokens(1);
      const get = (server: keyof typeof servers) => () =>
        load.measure(servers[server], {
          method: 'GET',
          path: '/bench/guarded',
          connections: CONNECTIONS,
          ...TURN,
          tokens,
        });
      const samples = await bench.alternate(
        { logged: get('logged'), silent: get('silent') },
        bench.rounds * TURNS_PER_ROUND,
      );
      logged.push(...samples.logged);
      silent.push(...samples.silent);
      for (const server of Object.values(servers)) await server.stop();
    }
    const processor = (sample: Sample) => sample.processorMicroseconds;
    const numbers = (label: string, samples: Sample[]) => [
      figure(`${label}: processor time per request`, 'µs', samples.map(processor)),
      figure(
        `${label}: requests`,
        '/s',
        samples.map(({ perSecond }) => perSecond),
      ),
    ];
    return [
      ratio('with the log against without, processor time', logged, silent, processor, {
        atMost: 1.08,
      }),
      ...numbers('with the log', logged),
      ...numbers('without', silent),
    ];
  },
};
