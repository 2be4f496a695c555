import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SignInThrottle } from '../../../../src/latchkey/auth/sign-in/sign-in-throttle.js';
import type { FailureStreak } from '../../../../src/latchkey/platform/limits/failure-streak.js';
import { BoundedMemoryLimiter } from '../../../../src/latchkey/platform/limits/limiters.js';
import { signUp, uniqueEmail } from '../../../builders/accounts.js';
import { eventually } from '../../../support/eventually.js';
import { findSecrets } from '../../../support/store-copies.js';
import { createStores } from '../../../support/stores.js';
import { startTestApp, TestApp } from '../../../support/test-app.js';
import { TestRedis } from '../../../support/test-redis.js';
import { onThisMachine } from '../../../support/time-limits.js';
import { WireTap } from '../../../support/wire-tap.js';
import { guess, retryAfterOf, somewhere, THROTTLED, trySignIn, WRONG_PASSWORD } from './guesses.js';

const FAILED = (count: number) => Array<number>(count).fill(401);
/** Three commands and a second for a busy machine. */
const BOUND_MILLISECONDS = onThisMachine(3 * 200 + 1_000);

describe('two instances', () => {
  /** Between the first one and Redis. */
  let tap: WireTap;
  let app: Awaited<ReturnType<typeof startTestApp>>;
  let other: TestApp;
  beforeAll(async () => {
    const stores = await createStores();
    tap = await WireTap.start(stores.redisUrl);
    other = await TestApp.start({ stores, env: THROTTLED });
    app = await startTestApp(THROTTLED, { stores: { ...stores, redisUrl: tap.url } });
  });
  afterAll(async () => {
    await other.stop();
    await app[Symbol.asyncDispose]();
    tap.stop();
  });
  const at = (turn: number) => (turn % 2 === 0 ? app : other);

  it('count together', async () => {
    const { email } = await signUp(app);
    const statuses: number[] = [];
    for (let turn = 0; turn < 12; turn += 1) {
      const { api } = at(turn);
      statuses.push(...(await guess(api, 1, { email, ip: somewhere() })));
    }
    expect(statuses).toEqual([...FAILED(10), 429, 429]);
  });

  it('let ten of a hundred at once through between them', async () => {
    const { email } = await signUp(app);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, turn) => guess(at(turn).api, 1, { email, ip: somewhere() })),
    );
    expect(answers.flat().filter((status) => status === 401)).toHaveLength(10);
  });

  it('tell Redis nothing, in a key or a value, that names an account or an address', async () => {
    const secrets = {
      email: uniqueEmail().toUpperCase(),
      unknown: uniqueEmail(),
      address: '203.0.113.77',
      site: '2001:db8:abcd:77::/64',
      password: WRONG_PASSWORD,
    };
    const { userId } = await signUp(app, secrets.email);
    for (const ip of [secrets.address, '2001:db8:abcd:77::1']) {
      for (const email of [secrets.email, secrets.unknown]) await guess(app.api, 11, { email, ip });
    }
    const told = tap.take();
    expect(told).toContain(':throttle:sign-in-account:');
    const folded = secrets.email.toLowerCase();
    expect(findSecrets(told, { ...secrets, folded, userId })).toEqual([]);
  });
});

describe('without Redis', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  beforeAll(async () => {
    app = await startTestApp({ ...THROTTLED, REDIS_URL: '' });
  });
  afterAll(() => app[Symbol.asyncDispose]());

  it('the process counts by itself, in the same units', async () => {
    const { email } = await signUp(app);
    expect(await guess(app.api, 9, { email, ip: somewhere() })).toEqual(FAILED(9));
    expect((await trySignIn(app.api, { email, ip: somewhere() })).status).toBe(200);
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => guess(app.api, 1, { email, ip: somewhere() })),
    );
    expect(answers.flat().filter((status) => status === 401)).toHaveLength(10);
    const refused = await trySignIn(app.api, { email, ip: somewhere() });
    expect(refused.status).toBe(429);
    expect(retryAfterOf(refused)).toBeLessThanOrEqual(30);
  });

  it('what a hundred addresses can do elsewhere makes it forget no row', async () => {
    const { email } = await signUp(app);
    expect(await guess(app.api, 9, { email, ip: somewhere() })).toEqual(FAILED(9));
    const { accounts } = app.nest.get(SignInThrottle, { strict: false }) as unknown as {
      accounts: FailureStreak;
    };
    for (let other = 0; other < 10_000; other += 1) {
      const attempt = await accounts.reserve(`${other}@example.com`);
      if (attempt.outcome === 'admitted') await attempt.count();
    }
    expect(await guess(app.api, 2, { email, ip: somewhere() })).toEqual([401, 429]);
  });
});

describe('when Redis goes', () => {
  let redis: TestRedis;
  let app: Awaited<ReturnType<typeof startTestApp>>;
  let other: TestApp;
  beforeAll(async () => {
    redis = await TestRedis.start();
    const stores = { ...(await createStores()), redisUrl: redis.url };
    const env = { ...THROTTLED, REDIS_COMMAND_TIMEOUT_MS: String(Math.round(onThisMachine(200))) };
    other = await TestApp.start({ stores, env });
    app = await startTestApp(env, { stores });
  });
  afterAll(async () => {
    await redis.resume();
    await other.stop();
    await app[Symbol.asyncDispose]();
    await redis.stop();
  });

  /** Starts an empty one, and waits until both count there. */
  async function restartRedis(): Promise<void> {
    await redis.restart();
    const client = new Redis(redis.url);
    for (const { api } of [app, other]) {
      await client.flushall();
      await eventually(
        async () => {
          await guess(api, 1, { email: uniqueEmail(), ip: somewhere() });
          expect(await client.keys('latchkey:*:throttle:*')).not.toEqual([]);
        },
        { within: 10 },
      );
    }
    client.disconnect();
  }

  it('killed, the process goes on from what it knew; back, it counts there again', async () => {
    const { email } = await signUp(app);
    expect(await guess(app.api, 5, { email, ip: somewhere() })).toEqual(FAILED(5));
    await redis.kill();
    const since = performance.now();
    expect(await guess(app.api, 6, { email, ip: somewhere() })).toEqual([...FAILED(5), 429]);
    expect(performance.now() - since).toBeLessThan(BOUND_MILLISECONDS);
    await restartRedis();
  });

  it('killed, an instance that has only heard of a pause goes on with it', async () => {
    const { email } = await signUp(app);
    expect(await guess(app.api, 10, { email, ip: somewhere() })).toEqual(FAILED(10));
    expect(await guess(other.api, 1, { email, ip: somewhere() })).toEqual([429]);
    await redis.kill();
    expect(await guess(other.api, 2, { email, ip: somewhere() })).toEqual([429, 429]);
    await restartRedis();
  });

  it('killed, nor does it go on with a pause that it has heard the end of', async () => {
    const { email } = await signUp(app);
    await guess(app.api, 10, { email, ip: somewhere() });
    expect(await guess(other.api, 1, { email, ip: somewhere() })).toEqual([429]);
    await redis.flush();
    expect(await guess(other.api, 1, { email, ip: somewhere() })).toEqual([401]);
    await redis.kill();
    expect(await guess(other.api, 1, { email, ip: somewhere() })).toEqual([401]);
    await restartRedis();
  });

  it('full, each process counts by itself, and goes on using the connection', async () => {
    const client = new Redis(redis.url);
    const connections = async () => String(await client.client('LIST')).match(/^id=\d+ /gm);
    const before = await connections();
    await client.config('SET', 'maxmemory', 1);
    const { email } = await signUp(app);
    const answers = await guess(app.api, 11, { email, ip: somewhere() });
    const after = await connections();
    await client.config('SET', 'maxmemory', 0);
    client.disconnect();
    expect(answers).toEqual([...FAILED(10), 429]);
    // Another may have come back meanwhile from what an earlier test did to Redis.
    expect(after).toEqual(expect.arrayContaining(before as string[]));
  });

  it('frozen, nobody waits long for it, and only the first waits at all', async () => {
    const { email } = await signUp(app);
    await redis.pause();
    const target = { email, ip: somewhere() };
    let since = performance.now();
    expect(await guess(app.api, 1, target)).toEqual([401]);
    expect(performance.now() - since).toBeLessThan(BOUND_MILLISECONDS);
    since = performance.now();
    expect(await guess(app.api, 10, target)).toEqual([...FAILED(9), 429]);
    expect(performance.now() - since).toBeLessThan(BOUND_MILLISECONDS);
  });
});

it('what a process counts by itself is bounded: the oldest is forgotten for the newest', async () => {
  const limiter = new BoundedMemoryLimiter({
    points: 1,
    duration: 86_400,
    capacity: 10_000,
  });
  await limiter.penalty('first');
  await limiter.penalty('second');
  for (let key = 0; key < 9_998; key += 1) await limiter.penalty(String(key));
  expect((await limiter.penalty('first')).consumedPoints).toBe(2);
  await limiter.penalty('one too many');
  expect(await limiter.get('second')).toBeNull();
  expect((await limiter.get('first'))?.consumedPoints).toBe(2);
  expect(limiter.dump().storage).toHaveLength(10_000);
  for (const { key } of limiter.dump().storage) await limiter.delete(key);
});
