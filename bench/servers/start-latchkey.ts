import type { BenchRun } from '../bench-run.js';
import type { BenchDatabase } from '../stores/bench-database.js';
import { MeasuredServer } from './measured-server.js';

const SCRIPT = new URL('./latchkey-process.ts', import.meta.url);

/** One instance of the service; those that are given the same database belong together. */
export async function startLatchkey(
  bench: BenchRun,
  database: BenchDatabase,
  env: Readonly<Record<string, string>> = {},
): Promise<MeasuredServer> {
  bench.progress('starting Latchkey');
  const stores = { DATABASE_URL: database.url, REDIS_URL: await bench.stores.redisUrl() };
  return bench.own(await MeasuredServer.start(SCRIPT, { ...bench.environment, ...stores, ...env }));
}
