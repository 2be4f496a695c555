import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeJson, headerOf } from '../../builders/access-tokens.js';
import { PASSWORD, type SignedIn } from '../../builders/accounts.js';
import { eventually } from '../../support/eventually.js';
import { statusOf } from '../../support/guarded-traffic.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { TestPostgres } from '../../support/test-postgres.js';
import { TestRedis } from '../../support/test-redis.js';
import { onThisMachine } from '../../support/time-limits.js';
import { Fleet, type Member } from './fleet.js';
import { RefreshingClient } from './refreshing-client.js';

let postgres: TestPostgres;
let redis: TestRedis;
let fleet: Fleet;
let closed: Member;
let open: Member;

beforeAll(async () => {
  [postgres, redis] = await Promise.all([TestPostgres.start(), TestRedis.start()]);
  fleet = await Fleet.start(`${postgres.url}/postgres`, redis.port, [
    { REVOCATION_ON_OUTAGE: 'closed' },
    { REVOCATION_ON_OUTAGE: 'open' },
  ]);
  [closed, open] = fleet.members as unknown as [Member, Member];
  await fleet.tailing();
}, onThisMachine(90_000));

afterAll(async () => {
  await fleet?.stop();
  await Promise.all([postgres?.stop(), redis?.stop()]);
});

describe('while Postgres is killed and started again', () => {
  it('guarded routes go on, sign-in and refresh ask to be tried again, and no session is lost', async () => {
    const sessions = await fleet.signIn(8);
    const clients = sessions.map(
      ({ refreshToken }, index) =>
        new RefreshingClient((index % 2 ? open : closed).service.api, refreshToken),
    );
    for (const client of clients) client.start();
    await everyoneRefreshes(clients);

    await postgres.kill();
    await eventually(
      () => {
        for (const client of clients) expect(client.unavailable).toBeGreaterThan(0);
      },
      { within: 10 },
    );
    const login = await closed.service.api.post('/auth/login', {
      email: fleet.owner.email,
      password: PASSWORD,
      delivery: 'body',
    });
    expect(login).toMatchObject({ status: 503, body: { code: 'database.unavailable' } });
    expect(Number(login.headers.get('retry-after'))).toBeGreaterThan(0);
    // Nobody can tell whether there is such a key.
    const ofUnknownKey = await closed.service.api.get('/auth/me', { token: tokenOfUnknownKey() });
    expect(refusalOf(ofUnknownKey)).toEqual(refused(503, 'access.keys_unavailable'));
    await eventually(
      () => expect(closed.service.log.match(/Reading the signing keys: failed/g)).toHaveLength(1),
      { within: 5 },
    );
    expect(await readiness(closed)).toMatchObject({ status: 200, database: 'down' });

    await postgres.restart();
    await everyoneRefreshes(clients);
    await Promise.all(clients.map((client) => client.stop()));
    expect(clients.flatMap(({ surprises }) => surprises)).toEqual([]);
    await fleet.signIn(1);
    expect(fleet.traffic.violations()).toEqual([]);
  });
});

describe('while neither Redis nor Postgres answers for longer than a list may be old', () => {
  it('a process that is to fail closed answers 503, one that is to stay open serves and says so', async () => {
    const [ended, live] = (await fleet.signIn(2)) as [SignedIn, SignedIn];
    await fleet.revoke(ended);
    await fleet.refusedEverywhere(ended);
    await fleet.tailing();
    fleet.traffic.allow({ alsoAllowed: [503] });

    await Promise.all([postgres.kill(), redis.kill()]);
    await eventually(
      async () => expect(await statusOf(closed.service.origin, live.accessToken)).toBe(503),
      { within: 5 },
    );
    const refused = await closed.service.api.get('/auth/me', { token: live.accessToken });
    expect(refused.body.code).toBe('access.revocation_unavailable');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await readiness(closed)).toMatchObject({ status: 503, revocation: 'down' });
    await eventually(
      async () => expect(await readiness(open)).toMatchObject({ revocation: 'up', overdue: true }),
      { within: 5 },
    );
    expect(await statusOf(open.service.origin, live.accessToken)).toBe(200);
    for (const { service } of [closed, open]) {
      expect(await statusOf(service.origin, ended.accessToken)).toBe(401);
      await eventually(() => expect(service.log.match(/No source has told/g)).toHaveLength(1), {
        within: 5,
      });
    }
    expect(open.service.log).toMatch(/go on accepting tokens that may have been revoked/);

    await Promise.all([postgres.restart(), redis.restart()]);
    await eventually(
      async () => expect(await statusOf(closed.service.origin, live.accessToken)).toBe(200),
      { within: 5 },
    );
    await fleet.tailing();
    await fleet.refusedEverywhere(ended);
    expect(fleet.traffic.violations()).toEqual([]);
  });
});

async function everyoneRefreshes(clients: readonly RefreshingClient[]): Promise<void> {
  const before = clients.map(({ refreshed }) => refreshed);
  await eventually(
    () => {
      for (const [index, { refreshed }] of clients.entries()) {
        expect(refreshed).toBeGreaterThan((before[index] ?? 0) + 1);
      }
    },
    { within: 10 },
  );
}

async function readiness({ service }: Member) {
  const { status, body } = await service.api.get('/health/ready');
  const { database, revocation } = body.details;
  return {
    status,
    database: database.status,
    revocation: revocation.status,
    overdue: revocation.overdue,
  };
}

function tokenOfUnknownKey(): string {
  const header = { ...headerOf(fleet.owner.accessToken), kid: 'k'.repeat(43) };
  return [encodeJson(header), ...fleet.owner.accessToken.split('.').slice(1)].join('.');
}
