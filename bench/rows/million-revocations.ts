import type { BenchRun } from '../bench-run.js';
import { figure } from '../figures.js';
import { BenchChild } from '../processes/bench-child.js';
import { ShippedServer } from '../processes/shipped-server.js';
import type { Figure, Row } from '../row.js';

const SCRIPT = new URL('../probes/live-revocations-process.ts', import.meta.url);
const MILLION = 1_000_000;

interface Held {
  readonly milliseconds: number;
  readonly heapMegabytes: number;
  readonly residentMegabytes: number;
  readonly size: number;
}

export const millionRevocations: Row = {
  name: 'million-revocations',
  title: 'A million live revocations',
  target: '≤ 0.8 µs for a look-up, ≤ 100 MB',
  async run(bench) {
    const held: Held[] = [];
    const lookUps: number[] = [];
    for (let round = 1; round <= bench.rounds; round++) {
      bench.progress(`round ${round} of ${bench.rounds}`);
      const probe = await BenchChild.start(SCRIPT, { nodeFlags: ['--expose-gc'] });
      bench.own(probe);
      held.push(await probe.ask<Held>('hold', MILLION));
      await probe.ask('lookUp', MILLION);
      lookUps.push(await probe.ask<number>('lookUp', MILLION));
      await probe.stop();
    }
    const heap = held.map(({ heapMegabytes }) => heapMegabytes);
    const resident = held.map(({ residentMegabytes }) => residentMegabytes);
    return [
      figure('look-up among a million', 'µs', lookUps, { atMost: 0.8 }),
      figure('memory that a million hold', 'MB', heap, { atMost: 100 }),
      figure('growth of the process while they are taken in', 'MB', resident),
      figure(
        'taking in a million',
        'ms',
        held.map(({ milliseconds }) => milliseconds),
      ),
      ...(await startWithFullLog(bench)),
    ];
  },
};

async function startWithFullLog(bench: BenchRun): Promise<Figure[]> {
  const database = await bench.stores.createDatabase();
  const redisUrl = await bench.stores.redisUrl();
  const env = { ...bench.environment, DATABASE_URL: database.url, REDIS_URL: redisUrl };
  const start = async () => {
    const server = await ShippedServer.start(env);
    await server.stop();
    return server.millisecondsToReady;
  };
  bench.progress('starting with an empty log');
  const empty = await start();
  bench.progress('filling the log');
  await database.query(
    `INSERT INTO revocation_log (kind, subject, version, expires_at)
     SELECT 'session', gen_random_uuid()::text, NULL, clock_timestamp() + interval '1 hour'
     FROM generate_series(1, ${MILLION})`,
  );
  bench.progress('starting with a full log');
  const full = await start();
  return [
    { label: 'start to ready with a million in the log', unit: 'ms', value: full },
    { label: 'start to ready with an empty log', unit: 'ms', value: empty },
  ];
}
