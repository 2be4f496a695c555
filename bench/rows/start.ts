import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchRun } from '../bench-run.js';
import { figure } from '../figures.js';
import { ShippedServer } from '../processes/shipped-server.js';
import type { Row } from '../row.js';

export const start: Row = {
  name: 'start',
  title: 'From the start of the process to ready',
  target: '≤ 1.2 s with an external Postgres, ≤ 4 s with the embedded one for the first time',
  async run(bench) {
    const migrated = await bench.stores.createDatabase();
    const { external, firstOnExternal, embedded } = await bench.alternate({
      external: () => startOn(bench, migrated.url),
      firstOnExternal: async () => startOn(bench, (await bench.stores.createDatabase('empty')).url),
      embedded: startEmbedded,
    });
    return [
      figure('external Postgres', 's', external, { atMost: 1.2 }),
      figure('embedded Postgres, first time', 's', embedded, { atMost: 4 }),
      figure('external Postgres, empty: migrations and first keys', 's', firstOnExternal),
    ];
  },
};

async function startOn({ environment, stores }: BenchRun, databaseUrl: string): Promise<number> {
  const redisUrl = await stores.redisUrl();
  return secondsToReady({ ...environment, DATABASE_URL: databaseUrl, REDIS_URL: redisUrl });
}

/** As after cloning: an empty directory and no environment. */
async function startEmbedded(): Promise<number> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'latchkey-bench-')));
  // Root's Postgres runs under an account that has to get there.
  await chmod(directory, 0o755);
  try {
    return await secondsToReady({}, directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function secondsToReady(env: Record<string, string>, directory?: string): Promise<number> {
  const server = await ShippedServer.start(env, directory);
  await server.stop();
  return server.millisecondsToReady / 1_000;
}
