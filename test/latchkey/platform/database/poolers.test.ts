import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, type SignedIn, signIn, uniqueEmail } from '../../../builders/accounts.js';
import { eventually } from '../../../support/eventually.js';
import { findProgram } from '../../../support/find-program.js';
import { RefusingPooler } from '../../../support/refusing-pooler.js';
import { ServedProcess } from '../../../support/served-process.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { TestPgBouncer } from '../../../support/test-pgbouncer.js';
import { onThisMachine } from '../../../support/time-limits.js';

const pgbouncer = findProgram('pgbouncer');
const poolers = [
  {
    name: 'a stand-in that refuses startup parameters',
    start: RefusingPooler.start,
    keepsStatements: true,
  },
  ...(pgbouncer === null
    ? []
    : [
        {
          name: 'PgBouncer in transaction mode',
          start: (url: string) => TestPgBouncer.start(pgbouncer, url),
          keepsStatements: false,
        },
      ]),
];
const ROUNDS = 5;
const AT_ONCE = 8;

beforeAll(() => {
  const missing = pgbouncer === null ? 'PgBouncer' : 'nothing';
  process.stdout.write(`Poolers: ${poolers.length} tried; not installed: ${missing}.\n`);
});

describe.each(poolers)('behind $name', ({ start, keepsStatements }) => {
  let stores: Stores;
  let pooler: Awaited<ReturnType<typeof start>>;
  let instances: ServedProcess[];
  beforeAll(async () => {
    stores = await createStores();
    await stores.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    pooler = await start(stores.databaseUrl);
    const through = { ...stores, databaseUrl: pooler.lead(stores.databaseUrl) };
    const serve = () => ServedProcess.start(through, { LOG_LEVEL: 'warn' });
    instances = await Promise.all([serve(), serve()]);
  }, onThisMachine(90_000));
  afterAll(async () => {
    await Promise.all(instances.map((instance) => instance.kill()));
    await pooler.stop();
    await stores.drop();
  });

  const at = (index: number) => instances[index % instances.length] as ServedProcess;

  it(
    'two instances migrate, sign in, refresh and revoke, and say once what they do without',
    async () => {
      const email = uniqueEmail();
      const registered = await at(0).api.post('/auth/register', { email, password: PASSWORD });
      expect(registered.status).toBe(201);
      let sessions: SignedIn[] = await Promise.all(
        Array.from({ length: AT_ONCE }, (_, index) => signIn(at(index).api, email)),
      );
      for (let round = 0; round < ROUNDS; round++) {
        sessions = await Promise.all(
          sessions.map(async (session, index) => {
            const { refreshToken } = session;
            const { status, body } = await at(index + round).api.post('/auth/refresh', {
              refreshToken,
            });
            expect({ status, sessionId: body.sessionId }).toEqual({
              status: 200,
              sessionId: session.sessionId,
            });
            return { ...session, ...body };
          }),
        );
      }
      const [ended, live] = sessions as [SignedIn, SignedIn];
      await at(0).api.post('/auth/logout', undefined, { token: ended.accessToken });
      await eventually(
        async () => {
          for (const { api } of instances) {
            expect((await api.get('/auth/me', { token: ended.accessToken })).status).toBe(401);
          }
        },
        { within: 5 },
      );
      expect((await at(1).api.get('/auth/me', { token: live.accessToken })).status).toBe(200);
      for (const { api, log } of instances) {
        expect((await api.get('/health/ready')).status).toBe(200);
        expect(log.match(/Statements have no time limit in Postgres/g)).toHaveLength(1);
        expect(log.match(/does not keep prepared statements/g) ?? []).toHaveLength(
          keepsStatements ? 0 : 1,
        );
        expect(log).not.toMatch(/"level":(50|60)/);
      }
    },
    onThisMachine(60_000),
  );
});
