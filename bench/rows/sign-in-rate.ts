import { availableParallelism } from 'node:os';
import { figure, ratio } from '../figures.js';
import { LoadGenerator } from '../load/load-generator.js';
import { registerAccount } from '../load/register-account.js';
import { BenchChild } from '../processes/bench-child.js';
import type { Row } from '../row.js';
import { startLatchkey } from '../servers/start-latchkey.js';

const LOGINS_AT_ONCE = 32;
const ACCOUNT = { email: 'ada@example.com', password: 'seven lamps above a quiet quay' };
const HASHES_SCRIPT = new URL('../probes/hashes-process.ts', import.meta.url);
/** As many as the service hashes with by default. */
const THREADS = Math.max(1, availableParallelism() - 1);

export const signInRate: Row = {
  name: 'sign-in-rate',
  title: 'Sign-ins, 32 at once, against the same argon2id hashes alone in as many threads',
  target: '≥ 0.9 of the hashes alone',
  async run(bench) {
    const database = await bench.stores.createDatabase();
    // Throttling would end the load at once; production does not let it be off.
    const env = { NODE_ENV: 'development', THROTTLING: 'off', HASHING_CONCURRENCY: `${THREADS}` };
    const server = await startLatchkey(bench, database, env);
    await registerAccount(server.origin, ACCOUNT);
    const load = await LoadGenerator.start(bench);
    const alone = bench.own(
      await BenchChild.start(HASHES_SCRIPT, { env: { UV_THREADPOOL_SIZE: `${THREADS}` } }),
    );
    const seconds = bench.seconds * 2;
    const bodies = [{ ...ACCOUNT, delivery: 'body' }];
    const connections = LOGINS_AT_ONCE;
    const plan = { method: 'POST', path: '/auth/login', connections, seconds, bodies } as const;
    const samples = await bench.alternate<number, 'signIns' | 'hashes'>({
      signIns: async () => (await load.measure(server, plan)).perSecond,
      hashes: () => alone.ask('hash', { atOnce: THREADS, seconds, password: ACCOUNT.password }),
    });
    const itself = (perSecond: number) => perSecond;
    return [
      ratio('sign-ins against the hashes alone', samples.signIns, samples.hashes, itself, {
        atLeast: 0.9,
      }),
      figure('sign-ins', '/s', samples.signIns),
      figure('hashes alone', '/s', samples.hashes),
    ];
  },
};
