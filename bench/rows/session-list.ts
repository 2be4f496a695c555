import { HttpClient } from '../load/http-client.js';
import { type Figure, NotAvailable, type Row } from '../row.js';
import { startLatchkey } from '../servers/start-latchkey.js';
import { percentile } from '../statistics.js';
import { fillSessions } from '../stores/fill-sessions.js';

const MILLION = 1_000_000;
const PATH = '/admin/sessions';
const DAY_MILLISECONDS = 86_400_000;

const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MILLISECONDS).toISOString();

const FILTERS: Readonly<Record<string, () => Record<string, string>>> = {
  'no filter': () => ({}),
  'by user': () => ({ userId: '00000000-0000-7000-8000-000000000042' }),
  'by address': () => ({ ip: '10.0.7.91' }),
  'by network': () => ({ ip: '10.1.0.0/16' }),
  'by user agent': () => ({ userAgent: 'Browser/7 (bench)' }),
  'by user agent that nobody has': () => ({ userAgent: 'no such browser' }),
  'by a common role': () => ({ role: 'user' }),
  'by a rare role': () => ({ role: 'admin' }),
  'by end of creation': () => ({ createdBefore: daysAgo(29) }),
  'by start of creation': () => ({ createdAfter: daysAgo(1) }),
  'by state': () => ({ state: 'ended' }),
  'by a rare role and a user agent': () => ({ role: 'admin', userAgent: 'Browser/7 (bench)' }),
};

export const sessionList: Row = {
  name: 'session-list',
  title: 'The admin list of sessions, a million of them, by any filter',
  target: 'p99 ≤ 25 ms',
  async run(bench) {
    const database = await bench.stores.createDatabase();
    const server = await startLatchkey(bench, database);
    const [token] = await server.issueTokens(1, ['*']);
    const client = new HttpClient();
    bench.own({ stop: async () => client.close() });
    const list = (filter: Record<string, string>) =>
      client.send({
        origin: server.origin,
        method: 'GET',
        path: `${PATH}?${new URLSearchParams(filter)}`,
        token,
      });
    if ((await list({})).status === 404) throw new NotAvailable(`GET ${PATH} answers 404`);

    bench.progress('filling in a million sessions');
    await fillSessions(database, MILLION);
    const figures: Figure[] = [];
    for (const [name, filter] of Object.entries(FILTERS)) {
      bench.progress(name);
      const times: number[] = [];
      for (let index = 0; index < (bench.quick ? 20 : 100); index++) {
        const { status, text, milliseconds } = await list(filter());
        if (status !== 200) throw new Error(`GET ${PATH} ${name} answered ${status}: ${text}`);
        times.push(milliseconds);
      }
      figures.push({ label: `${name}: p99`, unit: 'ms', value: percentile(times, 99) });
    }
    const worst = Math.max(...figures.map(({ value }) => value));
    const label = 'list of sessions, p99 by the slowest filter';
    return [{ label, unit: 'ms', value: worst, goal: { atMost: 25 } }, ...figures];
  },
};
