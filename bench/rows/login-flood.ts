import { figure, ratio } from '../figures.js';
import { LoadGenerator, type Sample } from '../load/load-generator.js';
import type { LoadPlan } from '../load/load-plan.js';
import { registerAccount } from '../load/register-account.js';
import type { Row } from '../row.js';
import type { MeasuredServer } from '../servers/measured-server.js';
import { startLatchkey } from '../servers/start-latchkey.js';

const LOGINS_AT_ONCE = 32;
const REFRESHING_SESSIONS = 16;
const PROBES_PER_SECOND = 100;
/** Three rounds make a minute of flood for each kind of request. */
const ROUNDS = 3;
const ROUND_SECONDS = 20;
const ACCOUNT = { email: 'ada@example.com', password: 'seven lamps above a quiet quay' };

/** Throttling would end the flood at once; production does not let it be off. */
const UNTHROTTLED = { NODE_ENV: 'development', THROTTLING: 'off' };

type Kind = 'guarded' | 'refresh' | 'even';

/** What was measured, and how many signed in meanwhile, each second. */
interface Measured extends Sample {
  readonly signIns: number;
}

/** The full load of the guarded row, the refreshes of the refresh row, and a light, even load. */
export const loginFlood: Row = {
  name: 'login-flood',
  title: 'Guarded GET and refresh while 32 logins at once never end (argon2id at its default cost)',
  target: 'p99 ≤ 1.7 × that without logins, for both',
  async run(bench) {
    const database = await bench.stores.createDatabase();
    const server = await startLatchkey(bench, database, UNTHROTTLED);
    const load = await LoadGenerator.start(bench);
    const flood = await LoadGenerator.start(bench);
    await registerAccount(server.origin, ACCOUNT);
    const seconds = bench.quick ? bench.seconds : ROUND_SECONDS;
    const measure = (kind: Kind) => async () => ({
      ...(await load.measure(server, await planOf(kind, server, seconds))),
      signIns: 0,
    });
    const flooded = (kind: Kind) => () => underLogins(seconds, server, flood, measure(kind));
    const samples = await bench.alternate<Measured, Kind | `${Kind}, flooded`>(
      {
        guarded: measure('guarded'),
        'guarded, flooded': flooded('guarded'),
        refresh: measure('refresh'),
        'refresh, flooded': flooded('refresh'),
        even: measure('even'),
        'even, flooded': flooded('even'),
      },
      ROUNDS,
    );
    const p99 = (sample: Sample) => sample.p99Milliseconds;
    const p50 = (sample: Sample) => sample.p50Milliseconds;
    const compare = (label: string, kind: Kind, goal?: { atMost: number }) =>
      ratio(label, samples[`${kind}, flooded`], samples[kind], p99, goal);
    const names = { guarded: 'guarded GET', refresh: 'refresh', even: 'guarded GET, 100 a second' };
    return [
      compare('guarded GET p99, with logins against without', 'guarded', { atMost: 1.7 }),
      compare('refresh p99, with logins against without', 'refresh', { atMost: 1.7 }),
      compare('guarded GET at 100 a second: p99, with against without', 'even'),
      ...(['guarded', 'refresh', 'even'] as const).flatMap((kind) => [
        figure(`${names[kind]}: p99 without logins`, 'ms', samples[kind].map(p99)),
        figure(`${names[kind]}: p99 with logins`, 'ms', samples[`${kind}, flooded`].map(p99)),
        figure(`${names[kind]}: median without logins`, 'ms', samples[kind].map(p50)),
        figure(`${names[kind]}: median with logins`, 'ms', samples[`${kind}, flooded`].map(p50)),
        figure(
          `${names[kind]}: signed in meanwhile`,
          '/s',
          samples[`${kind}, flooded`].map(({ signIns }) => signIns),
        ),
      ]),
    ];
  },
};

async function planOf(
  kind: Kind,
  server: MeasuredServer,
  seconds: number,
): Promise<Omit<LoadPlan, 'origin'>> {
  if (kind === 'refresh') {
    const sessions = await server.startSessions(REFRESHING_SESSIONS);
    const bodies = sessions.map(({ refreshToken }) => ({ refreshToken }));
    const connections = REFRESHING_SESSIONS;
    return { method: 'POST', path: '/auth/refresh', connections, seconds, bodies, rotating: true };
  }
  const tokens = await server.issueTokens(1);
  const guarded = {
    method: 'GET',
    path: '/bench/guarded',
    connections: 32,
    seconds,
    tokens,
  } as const;
  return kind === 'even' ? { ...guarded, perSecond: PROBES_PER_SECOND } : guarded;
}

async function underLogins(
  seconds: number,
  { origin }: MeasuredServer,
  flood: LoadGenerator,
  measure: () => Promise<Measured>,
): Promise<Measured> {
  const bodies = [{ ...ACCOUNT, delivery: 'body' }];
  const connections = LOGINS_AT_ONCE;
  // It outlasts what is measured; logins in hand keep the last second busy.
  const plan = { origin, method: 'POST', path: '/auth/login', connections, bodies } as const;
  const logins = flood.run({ ...plan, seconds: seconds + 2 }, { refusals: [503] });
  const [measured, { statuses }] = await Promise.all([measure(), logins]);
  return { ...measured, signIns: (statuses[200] ?? 0) / (seconds + 3) };
}
