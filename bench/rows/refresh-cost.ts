import { figure, ratio } from '../figures.js';
import { LoadGenerator, type Sample } from '../load/load-generator.js';
import type { Row } from '../row.js';
import { startLatchkey } from '../servers/start-latchkey.js';

const SESSIONS = 16;

export const refreshCost: Row = {
  name: 'refresh-cost',
  title: 'A refresh against a bare POST with the same body',
  target: '≤ 7 × the processor time',
  async run(bench) {
    const load = await LoadGenerator.start(bench);
    const latchkey = await startLatchkey(bench, await bench.stores.createDatabase());
    const posting = (path: string, rotating: boolean) => async () => {
      const sessions = await latchkey.startSessions(SESSIONS);
      const bodies = sessions.map(({ refreshToken }) => ({ refreshToken }));
      const plan = { method: 'POST', path, connections: SESSIONS, bodies, rotating } as const;
      return load.measure(latchkey, { ...plan, seconds: bench.seconds });
    };
    const samples = await bench.alternate<Sample, 'refresh' | 'bare'>({
      refresh: posting('/auth/refresh', true),
      bare: posting('/bench/bare', false),
    });
    const processor = ({ processorMicroseconds }: Sample) => processorMicroseconds;
    return [
      ratio('processor time of a refresh', samples.refresh, samples.bare, processor, {
        atMost: 7,
      }),
      figure('processor time per refresh', 'µs', samples.refresh.map(processor)),
      figure('processor time per bare POST', 'µs', samples.bare.map(processor)),
      figure(
        'refreshes',
        '/s',
        samples.refresh.map(({ perSecond }) => perSecond),
      ),
    ];
  },
};
