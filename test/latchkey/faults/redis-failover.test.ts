import { afterAll, beforeAll, expect, it } from 'vitest';
import { createStores, type Stores } from '../../support/stores.js';
import { TcpProxy } from '../../support/tcp-proxy.js';
import { TestRedis } from '../../support/test-redis.js';
import { onThisMachine } from '../../support/time-limits.js';
import { Fleet } from './fleet.js';
import { streamHolds, streamTellsOf } from './stream-in-redis.js';

let stores: Stores;
let redis: TestRedis;
let replica: TestRedis;
let replication: TcpProxy;
let fleet: Fleet;

beforeAll(async () => {
  [stores, redis, replica] = await Promise.all([
    createStores(),
    TestRedis.start(),
    TestRedis.start(),
  ]);
  replication = await TcpProxy.start(redis.port);
  fleet = await Fleet.start(stores.databaseUrl, redis.port, [{}, {}]);
  await fleet.tailing();
}, onThisMachine(90_000));

afterAll(async () => {
  await fleet?.stop();
  await replication?.stop();
  await Promise.all([redis?.stop(), replica?.stop()]);
  await stores?.drop();
});

it(
  'a revocation is published again that a replica lacked when it took over, though whoever published it is gone and newer ones hide the gap',
  async () => {
    const [publisher, other] = fleet.members;
    const [lost, newer] = await fleet.signIn(2);
    if (!(other && lost && newer)) throw new Error('Two instances, two sessions.');
    await replica.replicate(replication.port);
    replication.stall();
    await fleet.revoke(lost, publisher);
    await fleet.refusedEverywhere(lost);
    await publisher.service.kill();
    await replica.promote();
    expect(await streamHolds(replica.port, lost)).toBe(false);
    other.redis.redirect(replica.port);
    await fleet.revoke(newer, other);
    await streamTellsOf(replica.port, [newer, lost]);
  },
  onThisMachine(60_000),
);
