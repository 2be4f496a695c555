import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SignedIn } from '../builders/accounts.js';
import { eventually } from '../support/eventually.js';
import { createStores, type Stores } from '../support/stores.js';
import { TestRedis } from '../support/test-redis.js';
import { Fleet } from './fleet.js';
import { streamTellsOf } from './stream-in-redis.js';

let stores: Stores;
let redis: TestRedis;
let fleet: Fleet;

beforeAll(async () => {
  [stores, redis] = await Promise.all([createStores(), TestRedis.start()]);
  // The last one waits for Redis so long that it can be killed in the meantime.
  fleet = await Fleet.start(stores.databaseUrl, Number(new URL(redis.url).port), [
    {},
    { REDIS_COMMAND_TIMEOUT_MS: '10000' },
  ]);
  await fleet.tailing();
}, 90_000);

afterAll(async () => {
  await fleet?.stop();
  await redis?.stop();
  await stores?.drop();
});

describe('a process that is killed between the commit of a revocation and telling Redis', () => {
  it('has revoked: the others find it in the log, and tell Redis', async () => {
    const [session] = (await fleet.signIn(1)) as [SignedIn];
    const [survivor, doomed] = fleet.members;
    if (doomed === undefined) throw new Error('There is no second process.');
    doomed.redis.stall();
    const answer = doomed.service.api
      .delete(`/auth/sessions/${session.sessionId}`, { token: fleet.owner.accessToken })
      .then(
        () => 'answered',
        () => 'cut off',
      );
    await eventually(
      async () => {
        const rows = await stores.query('SELECT 1 FROM revocation_log WHERE subject = $1', [
          session.sessionId,
        ]);
        expect(rows).toHaveLength(1);
      },
      { within: 5 },
    );
    await fleet.traffic.stop();
    await doomed.service.kill();
    expect(await answer).toBe('cut off');

    await eventually(
      async () => {
        const { status } = await survivor.service.api.get('/auth/me', {
          token: session.accessToken,
        });
        expect(status).toBe(401);
      },
      { within: 2 },
    );
    await streamTellsOf(Number(new URL(redis.url).port), [session]);
  });
});
