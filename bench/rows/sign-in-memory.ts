import { LoadGenerator } from '../load/load-generator.js';
import type { LoadPlan } from '../load/load-plan.js';
import { registerAccount } from '../load/register-account.js';
import { ShippedServer } from '../processes/shipped-server.js';
import type { Figure, Row } from '../row.js';

const ACCOUNT = { email: 'ada@example.com', password: 'seven lamps above a quiet quay' };
const LOGINS_AT_ONCE = 32;
/** Far more than may hash and wait (`HASHING_QUEUE`). */
const TOO_MANY_AT_ONCE = 400;
const UNTHROTTLED = { NODE_ENV: 'development', THROTTLING: 'off' };

/** The process as it ships, with nothing to do but to sign people in. */
export const signInMemory: Row = {
  name: 'sign-in-memory',
  title: 'Memory through a minute of 32 logins at once, and of far too many',
  target: 'bounded; what is too much is 503',
  async run(bench) {
    const database = await bench.stores.createDatabase();
    const stores = { DATABASE_URL: database.url, REDIS_URL: await bench.stores.redisUrl() };
    const environment = { ...bench.environment, ...stores, ...UNTHROTTLED, LOG_LEVEL: 'info' };
    const server = bench.own(await ShippedServer.start(environment));
    await registerAccount(server.origin, ACCOUNT);
    const afterOne = await server.residentMegabytes();
    const seconds = bench.quick ? 10 : 60;
    const load = await LoadGenerator.start(bench);
    const logins = (connections: number): LoadPlan => {
      const bodies = [{ ...ACCOUNT, delivery: 'body' }];
      const { origin } = server;
      return { origin, method: 'POST', path: '/auth/login', connections, seconds, bodies };
    };
    bench.progress(`${seconds} seconds of ${LOGINS_AT_ONCE} logins at once`);
    const signedIn = await load.run(logins(LOGINS_AT_ONCE));
    const afterLogins = await server.residentMegabytes();
    bench.progress(`${seconds} seconds of ${TOO_MANY_AT_ONCE} logins at once`);
    const flooded = await load.run(logins(TOO_MANY_AT_ONCE), { refusals: [503] });
    const afterFlood = await server.residentMegabytes();
    return [
      ...memory('after one registration', afterOne),
      ...memory(`after ${seconds} s of 32 logins at once`, afterLogins),
      ...memory(`after ${seconds} s of 400 at once`, afterFlood),
      { label: 'logins, 32 at once', unit: '/s', value: signedIn.perSecond },
      { label: 'logins, 400 at once', unit: 'in all', value: flooded.statuses[200] ?? 0 },
      { label: 'refused with 503, 400 at once', unit: 'in all', value: flooded.statuses[503] ?? 0 },
    ];
  },
};

function memory(
  when: string,
  { service, hashing }: { service: number; hashing: number },
): Figure[] {
  return [
    { label: `memory of the service ${when}`, unit: 'MB', value: service },
    { label: `memory of the hashing process ${when}`, unit: 'MB', value: hashing },
  ];
}
