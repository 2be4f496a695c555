import { figure, ratio } from '../figures.js';
import { LoadGenerator } from '../load/load-generator.js';
import { startRotationBaseline } from '../probes/rotation-baseline.js';
import type { Row } from '../row.js';
import type { MeasuredServer } from '../servers/measured-server.js';
import { startLatchkey } from '../servers/start-latchkey.js';
import { startTutorial } from '../tutorial/start-tutorial.js';

const SESSIONS = 16;

interface Rate {
  readonly perSecond: number;
  readonly processorMicroseconds?: number;
  readonly p99Milliseconds?: number;
}

export const refreshRate: Row = {
  name: 'refresh-rate',
  title: 'Refreshes against the same single-row UPDATE alone, 16 sessions',
  target: '≥ 0.6 of pgbench with as many clients',
  async run(bench) {
    const load = await LoadGenerator.start(bench);
    const database = await bench.stores.createDatabase();
    const latchkey = await startLatchkey(bench, database);
    const tutorial = await startTutorial(bench, 'secret');
    const refreshing = async (server: MeasuredServer) => {
      const started = await server.startSessions(SESSIONS);
      let tokens = started.map(({ refreshToken }) => refreshToken);
      return async (): Promise<Rate> => {
        const bodies = tokens.map((refreshToken) => ({ refreshToken }));
        const path = '/auth/refresh';
        const plan = {
          method: 'POST',
          path,
          connections: SESSIONS,
          bodies,
          rotating: true,
        } as const;
        const sample = await load.measure(server, { ...plan, seconds: bench.seconds });
        tokens = (await server.startSessions(SESSIONS)).map(({ refreshToken }) => refreshToken);
        return sample;
      };
    };
    const baseline = await startRotationBaseline(bench, latchkey, database, SESSIONS);
    const alone = (mode: 'extended' | 'prepared') => async (): Promise<Rate> => ({
      perSecond: await baseline(mode, bench.seconds),
    });
    const samples = await bench.alternate<Rate, 'latchkey' | 'tutorial' | 'alone' | 'prepared'>({
      latchkey: await refreshing(latchkey),
      tutorial: await refreshing(tutorial),
      alone: alone('extended'),
      prepared: alone('prepared'),
    });
    const perSecond = (rate: Rate) => rate.perSecond;
    const processor = ({ processorMicroseconds = 0 }: Rate) => processorMicroseconds;
    return [
      ratio('refreshes against the UPDATE alone', samples.latchkey, samples.alone, perSecond, {
        atLeast: 0.6,
      }),
      ratio(
        'refreshes against the UPDATE alone, prepared',
        samples.latchkey,
        samples.prepared,
        perSecond,
      ),
      ratio('refreshes against the tutorial app', samples.latchkey, samples.tutorial, perSecond),
      figure('Latchkey: refreshes', '/s', samples.latchkey.map(perSecond)),
      figure('Latchkey: processor time per refresh', 'µs', samples.latchkey.map(processor)),
      figure('tutorial app: refreshes', '/s', samples.tutorial.map(perSecond)),
      figure('tutorial app: processor time per refresh', 'µs', samples.tutorial.map(processor)),
      figure('UPDATE alone', '/s', samples.alone.map(perSecond)),
      figure('UPDATE alone, prepared', '/s', samples.prepared.map(perSecond)),
    ];
  },
};
