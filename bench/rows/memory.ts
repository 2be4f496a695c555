import { LoadGenerator } from '../load/load-generator.js';
import { ShippedServer } from '../processes/shipped-server.js';
import type { Row } from '../row.js';
import { startLatchkey } from '../servers/start-latchkey.js';

const TOKENS = 2_000;
const REFRESHING_SESSIONS = 8;

/** Guarded GETs and refreshes together, on the process as it ships, request log included. */
export const memory: Row = {
  name: 'memory',
  title: 'Memory after a minute of full load',
  target: '≤ 150 MB',
  async run(bench) {
    const database = await bench.stores.createDatabase();
    // Another instance makes what the load needs: the one that is measured does nothing else.
    const issuer = await startLatchkey(bench, database);
    const tokens = await issuer.issueTokens(TOKENS);
    const sessions = await issuer.startSessions(REFRESHING_SESSIONS);
    await issuer.stop();
    const redisUrl = await bench.stores.redisUrl();
    const stores = { DATABASE_URL: database.url, REDIS_URL: redisUrl };
    const server = bench.own(
      await ShippedServer.start({ ...bench.environment, ...stores, LOG_LEVEL: 'info' }),
    );
    const { service: atStart } = await server.residentMegabytes();
    const seconds = bench.quick ? 10 : 60;
    bench.progress(`${seconds} seconds of load`);
    const [gets, refreshes] = [await LoadGenerator.start(bench), await LoadGenerator.start(bench)];
    const { origin } = server;
    const bodies = sessions.map(({ refreshToken }) => ({ refreshToken }));
    const [guarded] = await Promise.all([
      gets.run({ origin, method: 'GET', path: '/auth/me', connections: 32, seconds, tokens }),
      refreshes.run({
        origin,
        method: 'POST',
        path: '/auth/refresh',
        connections: REFRESHING_SESSIONS,
        seconds,
        bodies,
        rotating: true,
      }),
    ]);
    const { service: value } = await server.residentMegabytes();
    return [
      {
        label: `resident memory after ${seconds} s of load`,
        unit: 'MB',
        value,
        goal: { atMost: 150 },
      },
      { label: 'resident memory at the start', unit: 'MB', value: atStart },
      { label: 'guarded GETs meanwhile', unit: '/s', value: guarded.perSecond },
    ];
  },
};
