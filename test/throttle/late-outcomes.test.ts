import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { AppSecrets } from '../../src/config/app-secrets.js';
import { RedisConnections } from '../../src/redis/redis-connections.js';
import { Counters } from '../../src/throttle/counters.js';
import { FailureRow } from '../../src/throttle/failure-row.js';
import { FixedWindow } from '../../src/throttle/fixed-window.js';
import { ThrottleConfig } from '../../src/throttle/throttle.config.js';
import { ManualClock } from '../revocation/manual-clock.js';
import { startTestApp } from '../support/test-app.js';
import { letTimePass } from './guesses.js';

const WINDOW_SECONDS = 900;
const FIRST_PAUSE_SECONDS = 30;

let app: Awaited<ReturnType<typeof startTestApp>>;
let clock: ManualClock;
let counters: Counters;
beforeAll(async () => {
  app = await startTestApp();
  const [secrets, redis] = [AppSecrets, RedisConnections].map((token) =>
    app.nest.get(token, { strict: false }),
  ) as [AppSecrets, RedisConnections];
  clock = new ManualClock();
  counters = new Counters(secrets, redis, clock);
});
afterAll(() => app[Symbol.asyncDispose]());

/** For Redis and for the process. */
async function pass(seconds: number): Promise<void> {
  clock.advance(seconds);
  await letTimePass(app.stores, seconds);
}

async function admittedOf(window: FixedWindow, attempts: number): Promise<number> {
  let admitted = 0;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if ((await window.count('somebody')).admitted) admitted += 1;
  }
  return admitted;
}

it.each([
  ['empty', 0],
  ['begun', 2],
])('what is withdrawn when its window is over adds nothing to the next, %s', async (_, begun) => {
  const policy = { name: `late-${begun}`, quota: 5, windowSeconds: WINDOW_SECONDS };
  const window = new FixedWindow(counters, policy);
  const attempts = await Promise.all(Array.from({ length: 5 }, () => window.count('somebody')));
  await pass(WINDOW_SECONDS);
  expect(await admittedOf(window, begun)).toBe(begun);
  for (const { withdraw } of attempts) await withdraw();
  expect(await admittedOf(window, 10)).toBe(5 - begun);
});

it('what is withdrawn in its window is free again', async () => {
  const policy = { name: 'in-time', quota: 5, windowSeconds: WINDOW_SECONDS };
  const window = new FixedWindow(counters, policy);
  const attempts = await Promise.all(Array.from({ length: 5 }, () => window.count('somebody')));
  await pass(WINDOW_SECONDS - 1);
  for (const { withdraw } of attempts) await withdraw();
  expect(await admittedOf(window, 10)).toBe(5);
});

it('an attempt that is withdrawn when its pause is over ends nobody else’s', async () => {
  const row = new FailureRow('late-row', counters, new ThrottleConfig());
  for (let failure = 0; failure < 9; failure += 1) await row.count('somebody');
  const late = await row.count('somebody');
  expect(late.isLast).toBe(true);
  await pass(FIRST_PAUSE_SECONDS);
  expect((await row.count('somebody')).isLast).toBe(true);
  await late.withdraw();
  expect((await row.count('somebody')).admitted).toBe(false);
});
