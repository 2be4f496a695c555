import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { HashingProcess } from '../../../../src/latchkey/users/passwords/hashing/hashing-process.js';
import { signUp } from '../../../builders/accounts.js';
import { populate } from '../../../builders/people.js';
import { Barrier } from '../../../support/barrier.js';
import { eventually } from '../../../support/eventually.js';
import { Instances } from '../../../support/instances.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { startTestApp, type TestApp } from '../../../support/test-app.js';
import { repeated } from '../../../support/test-depth.js';
import { TestRedis } from '../../../support/test-redis.js';
import { onThisMachine } from '../../../support/time-limits.js';
import { guess, retryAfterOf, somewhere, THROTTLED, trySignIn } from './guesses.js';

const PEOPLE = repeated({ quick: 60, full: 150 });
const AT_ONE_ACCOUNT = repeated({ quick: 20, full: 40 });
const ALLOWED_SECONDS = 30;
/** The queue is as long as by default. */
const SETTINGS = {
  ...THROTTLED,
  ARGON2_MEMORY_KIB: '2048',
  HASHING_CONCURRENCY: '1',
  HASHING_QUEUE: '',
};

/** Signs in, and comes again when it is told to; how each try was answered. */
async function signInAsTold({ api }: TestApp, email: string, ip: string): Promise<number[]> {
  const deadline = performance.now() + onThisMachine(ALLOWED_SECONDS) * 1_000;
  const statuses: number[] = [];
  for (;;) {
    const answer = await trySignIn(api, { email, ip });
    statuses.push(answer.status);
    if (answer.status !== 503 || performance.now() > deadline) return statuses;
    await pause(retryAfterOf(answer) * 1_000);
  }
}

/** Nobody was paused, and everybody has signed in. */
function expectAllSignedIn(courses: readonly number[][]): void {
  expect(courses.flat()).not.toContain(429);
  expect(courses.map((statuses) => statuses.at(-1))).toEqual(courses.map(() => 200));
}

function connectionsOf({ nest }: TestApp): Promise<number> {
  return promisify<number>((done) => nest.getHttpServer().getConnections(done))();
}

/** What is counted for anybody: the keys. */
async function countedIn({ redisUrl }: Pick<Stores, 'redisUrl'>): Promise<string[]> {
  const redis = new Redis(redisUrl);
  const keys = await redis.keys('*throttle:*');
  redis.disconnect();
  return keys;
}

describe('right passwords, many at once', () => {
  let instances: Instances;
  let app: TestApp;
  const hashing = new Barrier();
  beforeAll(async () => {
    instances = await Instances.start(SETTINGS, SETTINGS);
    // The one that was started last verifies every password.
    app = instances.at(1).app;
    const { run } = HashingProcess.prototype;
    vi.spyOn(app.nest.get(HashingProcess, { strict: false }), 'run').mockImplementation(
      async function (this: HashingProcess, work) {
        await hashing.opened;
        return run.call(this, work);
      } as HashingProcess['run'],
    );
  });
  afterAll(() => instances.stop());

  it(`of ${PEOPLE} people at one address: nobody is paused, and all sign in`, async () => {
    const emails = await populate(app, PEOPLE);
    const ip = somewhere();
    hashing.close();
    const courses = emails.map((email) => signInAsTold(app, email, ip));
    await eventually(async () => expect(await connectionsOf(app)).toBeGreaterThanOrEqual(PEOPLE), {
      within: ALLOWED_SECONDS,
    });
    hashing.open();
    expectAllSignedIn(await Promise.all(courses));
  });

  it(`${AT_ONE_ACCOUNT} of one account, from anywhere and at two instances: the same`, async () => {
    const { email } = await signUp(app);
    const courses = Array.from({ length: AT_ONE_ACCOUNT }, (_, turn) =>
      signInAsTold(instances.at(turn).app, email, somewhere()),
    );
    expectAllSignedIn(await Promise.all(courses));
  });

  it('of one account with nine failures behind it: the same, and the row is over', async () => {
    const { email } = await signUp(app);
    await guess(app.api, 9, { email, ip: somewhere() });
    const courses = Array.from({ length: 12 }, (_, turn) =>
      signInAsTold(instances.at(turn).app, email, somewhere()),
    );
    expectAllSignedIn(await Promise.all(courses));
    expect(await guess(app.api, 9, { email, ip: somewhere() })).toEqual(Array(9).fill(401));
  });

  it('leave nothing counted', async () => {
    const redis = new Redis(instances.stores.redisUrl);
    await redis.flushdb();
    redis.disconnect();
    const emails = await populate(app, 20);
    const ip = somewhere();
    await Promise.all(emails.map((email) => signInAsTold(app, email, ip)));
    const counted = await countedIn(instances.stores);
    expect(counted.filter((key) => key.includes('sign-in'))).toEqual([]);
  });
});

describe('when Redis is silent for a moment', () => {
  let redis: TestRedis;
  let app: Awaited<ReturnType<typeof startTestApp>>;
  beforeAll(async () => {
    redis = await TestRedis.start();
    const stores = { ...(await createStores()), redisUrl: redis.url };
    app = await startTestApp(
      { ...SETTINGS, REDIS_COMMAND_TIMEOUT_MS: String(Math.round(onThisMachine(200))) },
      { stores },
    );
  });
  afterAll(async () => {
    await redis.resume();
    await app[Symbol.asyncDispose]();
    await redis.stop();
  });

  it('right passwords meanwhile are let in, and nothing of them stays counted', async () => {
    const emails = await populate(app, 60);
    await redis.flush();
    const ip = somewhere();
    const signIns = emails.map((email) => signInAsTold(app, email, ip));
    await Promise.race(signIns);
    await redis.pause();
    await Promise.race([...signIns].reverse());
    await pause(300);
    await redis.resume();
    expectAllSignedIn(await Promise.all(signIns));
    await eventually(async () => expect(await countedIn({ redisUrl: redis.url })).toEqual([]), {
      within: 10,
    });
    const statuses = await guess(app.api, 10, { email: emails[0] ?? '', ip });
    expect(statuses).toEqual(Array(10).fill(401));
  });
});

describe('guesses that find the server busy', () => {
  it('are counted nowhere, and leave nothing in Redis', async () => {
    await using app = await startTestApp({ ...SETTINGS, HASHING_QUEUE: '0' });
    const emails = await populate(app, 40);
    const answers = await Promise.all(
      emails.map(async (email) => ({
        email,
        statuses: await guess(app.api, 1, { email, ip: somewhere() }),
      })),
    );
    const judged = answers.filter(({ statuses }) => statuses[0] === 401).length;
    expect(answers.filter(({ statuses }) => statuses[0] === 503).length).toBe(40 - judged);
    expect(judged).toBeLessThan(40);
    const counted = await countedIn(app.stores);
    expect(counted.filter((key) => /sign-in-account:[^:]+$/.test(key))).toHaveLength(judged);
    expect(counted.filter((key) => key.includes('undecided'))).toEqual([]);
  });
});
