import { afterAll, beforeAll, expect, it } from 'vitest';
import { ThrottleConfig } from '../../../../src/latchkey/auth/throttling/throttle.config.js';
import { AppSecrets } from '../../../../src/latchkey/platform/config/app-secrets.js';
import { Counters } from '../../../../src/latchkey/platform/limits/counters.js';
import { FailureStreak } from '../../../../src/latchkey/platform/limits/failure-streak.js';
import type {
  AdmittedAttempt,
  JudgedLimit,
} from '../../../../src/latchkey/platform/limits/judged-limit.js';
import { JudgedWindow } from '../../../../src/latchkey/platform/limits/judged-window.js';
import { RedisConnections } from '../../../../src/latchkey/platform/redis/redis-connections.js';
import { startTestApp } from '../../../support/test-app.js';
import { ManualClock } from '../../tokens/revocation/manual-clock.js';
import { letTimePass } from './guesses.js';

const WINDOW_SECONDS = 900;
const FIRST_PAUSE_SECONDS = 30;
const LEASE_SECONDS = 60;

let app: Awaited<ReturnType<typeof startTestApp>>;
let clock: ManualClock;
let counters: Counters;
/** Those of another process. */
let others: Counters;
beforeAll(async () => {
  app = await startTestApp({ REDIS_COMMAND_TIMEOUT_MS: '5000' });
  const [secrets, redis] = [AppSecrets, RedisConnections].map((token) =>
    app.nest.get(token, { strict: false }),
  ) as [AppSecrets, RedisConnections];
  clock = new ManualClock();
  counters = new Counters(secrets, redis, clock);
  others = new Counters(secrets, redis, clock);
});
afterAll(() => app[Symbol.asyncDispose]());

/** For Redis and for the process. */
async function pass(seconds: number): Promise<void> {
  clock.advance(seconds);
  await letTimePass(app.stores, seconds);
}

const windowOf = (name: string, its = counters) =>
  new JudgedWindow(its, { name, quota: 5, windowSeconds: WINDOW_SECONDS });

async function admit(limit: JudgedLimit): Promise<AdmittedAttempt> {
  const attempt = await limit.reserve('somebody');
  if (attempt.outcome !== 'admitted') throw new Error(`The attempt is ${attempt.outcome}.`);
  return attempt;
}

async function fail(limit: JudgedLimit, times: number): Promise<void> {
  for (let failure = 0; failure < times; failure += 1) await (await admit(limit)).count();
}

const outcomeOf = async (limit: JudgedLimit) => (await limit.reserve('somebody')).outcome;

it('attempts that nobody has judged use up no quota: others are to come back', async () => {
  const window = windowOf('undecided');
  const attempts = [];
  while (attempts.length < 5) attempts.push(await admit(window));
  expect(await outcomeOf(window)).toBe('undecided');
  expect(await window.findRefusal('somebody')).toBeNull();
  for (const attempt of attempts) await attempt.count();
  expect(await outcomeOf(window)).toBe('refused');
  expect(await window.findRefusal('somebody')).toMatchObject({ remaining: 0 });
});

it('what is withdrawn when its window is over adds nothing to the next', async () => {
  const window = windowOf('late');
  await fail(window, 3);
  const late = [await admit(window), await admit(window)];
  await pass(WINDOW_SECONDS);
  await fail(window, 2);
  for (const attempt of late) await attempt.withdraw();
  await fail(window, 3);
  expect(await outcomeOf(window)).toBe('refused');
});

it('what is withdrawn in its window is free again', async () => {
  const window = windowOf('in-time');
  const attempts = [];
  while (attempts.length < 5) attempts.push(await admit(window));
  for (const attempt of attempts) await attempt.withdraw();
  await fail(window, 5);
  expect(await outcomeOf(window)).toBe('refused');
});

it('an attempt that is withdrawn when its pause is over ends nobody else’s', async () => {
  const row = new FailureStreak('late-row', counters, new ThrottleConfig());
  await fail(row, 10);
  await pass(FIRST_PAUSE_SECONDS);
  const late = await admit(new FailureStreak('late-row', others, new ThrottleConfig()));
  expect(await outcomeOf(row)).toBe('undecided');
  await pass(LEASE_SECONDS);
  await fail(row, 1);
  await late.withdraw();
  expect(await outcomeOf(row)).toBe('refused');
});

it('an attempt whose process has died holds its place for a minute', async () => {
  const window = windowOf('dead');
  await fail(window, 4);
  await admit(windowOf('dead', others));
  expect(await outcomeOf(window)).toBe('undecided');
  await pass(LEASE_SECONDS);
  expect((await admit(window)).outcome).toBe('admitted');
});
