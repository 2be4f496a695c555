import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signUp } from '../../builders/accounts.js';
import { eventually } from '../../support/eventually.js';
import { ServedProcess } from '../../support/served-process.js';
import { createStores, type Stores } from '../../support/stores.js';
import { TcpProxy } from '../../support/tcp-proxy.js';
import { TestRedis } from '../../support/test-redis.js';
import { onThisMachine } from '../../support/time-limits.js';
import { Fleet } from './fleet.js';
import { passGoesBy, streamHolds, streamTellsOf, timesInStream } from './stream-in-redis.js';

let stores: Stores;
let redis: TestRedis;
let fleet: Fleet;

beforeAll(async () => {
  [stores, redis] = await Promise.all([createStores(), TestRedis.start()]);
  // The last one waits for Redis so long that it can be killed in the meantime.
  fleet = await Fleet.start(stores.databaseUrl, redis.port, [
    {},
    { REDIS_COMMAND_TIMEOUT_MS: '10000' },
  ]);
  await fleet.tailing();
}, onThisMachine(90_000));

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
    await streamTellsOf(redis.port, [session]);
  });
});

describe('a process that is killed when it alone knows that Redis lacks a revocation', () => {
  let itsStores: Stores;
  let itsRedis: TestRedis;
  let way: TcpProxy;
  const started: ServedProcess[] = [];
  beforeAll(async () => {
    [itsStores, itsRedis] = await Promise.all([createStores(), TestRedis.start()]);
    way = await TcpProxy.start(itsRedis.port);
  });
  afterAll(async () => {
    await Promise.all(started.map((one) => one.kill()));
    await way.stop();
    await Promise.all([itsRedis.stop(), itsStores.drop()]);
  });

  const start = async () => {
    const { databaseUrl } = itsStores;
    const redisUrl = `redis://127.0.0.1:${way.port}`;
    const env = { REVOCATION_POLL_SECONDS: '1' };
    const one = await ServedProcess.start({ databaseUrl, redisUrl }, env);
    started.push(one);
    return one;
  };

  it(
    'has revoked: whoever starts next tells Redis, and nothing that was told long ago',
    async () => {
      const port = itsRedis.port;
      const doomed = await start();
      const [session, toldLongAgo] = [await signUp(doomed), await signUp(doomed)];
      await streamTellsOf(port, []);
      const { accessToken } = toldLongAgo;
      await doomed.api.post('/auth/logout', undefined, { token: accessToken });
      await passGoesBy(port);
      expect(await timesInStream(port, toldLongAgo)).toBe(1);
      way.stall();
      const token = session.accessToken;
      expect((await doomed.api.post('/auth/logout', undefined, { token })).status).toBe(204);
      way.cut();
      await doomed.stop('SIGKILL');
      way.restore();
      expect(await streamHolds(port, session)).toBe(false);

      await start();
      await streamTellsOf(port, [session]);
      expect(await timesInStream(port, toldLongAgo)).toBe(1);
    },
    onThisMachine(60_000),
  );
});
