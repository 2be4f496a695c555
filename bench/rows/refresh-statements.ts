import { setTimeout as pause } from 'node:timers/promises';
import { HttpClient } from '../load/http-client.js';
import type { Row } from '../row.js';
import type { MeasuredServer } from '../servers/measured-server.js';
import { startLatchkey } from '../servers/start-latchkey.js';

const REFRESHES = 100;
/** Postgres publishes its statistics at most once a second. */
const STATISTICS_MILLISECONDS = 1_500;

export const refreshStatements: Row = {
  name: 'refresh-statements',
  title: 'What a refresh asks of Postgres',
  target: '≤ 2 SQL statements, 0 rows added',
  async run(bench) {
    const database = await bench.stores.createDatabase();
    // The poll of the revocation log would be counted too.
    const server = await startLatchkey(bench, database, {
      REVOCATION_POLL_SECONDS: '60',
      REVOCATION_MAX_STALENESS_SECONDS: '600',
    });
    const [session] = await server.startSessions(1);
    const rows = await database.countRows();
    const { statements } = await server.usage();
    await refresh(server, session?.refreshToken);
    const sent = (await server.usage()).statements - statements;
    const added = (await database.countRows()) - rows;
    await pause(STATISTICS_MILLISECONDS);
    const [updates] = await database.query<{ all: string; hot: string }>(
      `SELECT n_tup_upd AS all, n_tup_hot_upd AS hot FROM pg_stat_user_tables
       WHERE relname = 'sessions'`,
    );
    return [
      {
        label: 'SQL statements for each refresh',
        unit: '',
        value: sent / REFRESHES,
        goal: { atMost: 2 },
      },
      {
        label: 'rows added by each refresh',
        unit: '',
        value: added / REFRESHES,
        goal: { atMost: 0 },
      },
      {
        label: 'updates that touch no index (HOT)',
        unit: '%',
        value: (100 * Number(updates?.hot)) / Number(updates?.all),
      },
    ];
  },
};

async function refresh({ origin }: MeasuredServer, first: string | undefined): Promise<void> {
  const client = new HttpClient();
  let refreshToken = first;
  for (let index = 0; index < REFRESHES; index++) {
    const request = { origin, method: 'POST', path: '/auth/refresh' } as const;
    const { status, text } = await client.send({ ...request, body: { refreshToken } });
    if (status !== 200) throw new Error(`A refresh answered ${status}: ${text}`);
    ({ refreshToken } = JSON.parse(text));
  }
  client.close();
}
