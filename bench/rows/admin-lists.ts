import type { BenchRun } from '../bench-run.js';
import { HttpClient } from '../load/http-client.js';
import type { Figure, Row } from '../row.js';
import { startLatchkey } from '../servers/start-latchkey.js';
import { percentile } from '../statistics.js';
import type { BenchDatabase } from '../stores/bench-database.js';
import { fillAuditEvents } from '../stores/fill-audit-events.js';
import { fillSessions } from '../stores/fill-sessions.js';
import { fillUsers } from '../stores/fill-users.js';

const MILLION = 1_000_000;
const DAY_MILLISECONDS = 86_400_000;
const A_USER = '00000000-0000-7000-8000-000000000042';

const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MILLISECONDS).toISOString();

interface AdminList {
  readonly path: string;
  fill(database: BenchDatabase, rows: number): Promise<void>;
  readonly filters: Readonly<Record<string, () => Record<string, string>>>;
}

const SESSIONS: AdminList = {
  path: '/admin/sessions',
  fill: fillSessions,
  filters: {
    'no filter': () => ({}),
    'by user': () => ({ userId: A_USER }),
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
  },
};

const USERS: AdminList = {
  path: '/admin/users',
  fill: fillUsers,
  filters: {
    'no filter': () => ({}),
    'by address': () => ({ email: 'user-42@example.com' }),
    'by the beginning of a hundred addresses': () => ({ email: 'user-4242' }),
    'by the beginning of every address': () => ({ email: 'user-' }),
    'by the beginning of no address': () => ({ email: 'nobody' }),
    'by a part of a hundred addresses': () => ({ search: 'ser-4242' }),
    'by a part of every address': () => ({ search: 'example' }),
    'by a part of no address': () => ({ search: 'nobody' }),
    'by a sign-in within the last day': () => ({ signedInAfter: daysAgo(1) }),
    'by a common status': () => ({ status: 'active' }),
    'by a rare status': () => ({ status: 'disabled' }),
    'by a common role, among users': () => ({ role: 'user' }),
    'by a rare role, among users': () => ({ role: 'admin' }),
    'by a rare status and the beginning of an address': () => ({
      email: 'user-4',
      status: 'disabled',
    }),
  },
};

const AUDIT_EVENTS: AdminList = {
  path: '/admin/audit-events',
  fill: fillAuditEvents,
  filters: {
    'no filter': () => ({}),
    'by actor': () => ({ actorId: A_USER }),
    'by actor that has done nothing': () => ({ actorId: A_USER.replace(/42$/, '00') }),
    'by target': () => ({ targetId: A_USER }),
    'by user, in any part': () => ({ userId: A_USER }),
    'by a common action': () => ({ action: 'session.started' }),
    'by a rare action': () => ({ action: 'key.revoked' }),
    'by anomaly': () => ({ anomaly: 'new_device' }),
    'by start of time': () => ({ from: daysAgo(1) }),
    'by end of time': () => ({ to: daysAgo(29) }),
    'by actor and a rare action': () => ({ actorId: A_USER, action: 'key.revoked' }),
    'by a rare action and end of time': () => ({ action: 'key.revoked', to: daysAgo(15) }),
  },
};

export const adminLists: Row = {
  name: 'admin-lists',
  title: 'The admin lists of sessions, users and audit events, a million of each, by any filter',
  target: 'p99 ≤ 25 ms',
  async run(bench) {
    const figures: Figure[] = [];
    for (const list of [SESSIONS, USERS, AUDIT_EVENTS])
      figures.push(...(await measure(bench, list)));
    return figures;
  },
};

async function measure(bench: BenchRun, { path, fill, filters }: AdminList): Promise<Figure[]> {
  const database = await bench.stores.createDatabase();
  const server = await startLatchkey(bench, database);
  const [token] = await server.issueTokens(1, ['*']);
  bench.progress(`filling in a million rows of ${path}`);
  await fill(database, MILLION);
  const client = new HttpClient();
  const list = async (filter: Record<string, string>) => {
    const query = new URLSearchParams(filter);
    const { origin } = server;
    const answer = await client.send({ origin, method: 'GET', path: `${path}?${query}`, token });
    if (answer.status !== 200) {
      throw new Error(`GET ${path}?${query} answered ${answer.status}: ${answer.text}`);
    }
    return answer.milliseconds;
  };
  const figures: Figure[] = [];
  for (const [name, filter] of Object.entries(filters)) {
    bench.progress(`${path}, ${name}`);
    const times: number[] = [];
    // The first of each is the first of all that the process, Postgres and its cache do for it.
    await list(filter());
    for (let index = 0; index < (bench.quick ? 20 : 100); index++) times.push(await list(filter()));
    figures.push({ label: `${path}, ${name}: p99`, unit: 'ms', value: percentile(times, 99) });
  }
  client.close();
  await server.stop();
  const worst = Math.max(...figures.map(({ value }) => value));
  const label = `${path}, p99 by the slowest filter`;
  return [{ label, unit: 'ms', value: worst, goal: { atMost: 25 } }, ...figures];
}
