import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { signUpClient } from '../../../builders/signed-in-client.js';
import { RequestLog } from '../../../support/request-log.js';
import { startTestApp } from '../../../support/test-app.js';
import { isFullDepth } from '../../../support/test-depth.js';

const HOUR_MILLISECONDS = 3_600_000;

let app: Awaited<ReturnType<typeof startTestApp>>;

beforeAll(async () => {
  app = await startTestApp({ ACCESS_TOKEN_TTL_SECONDS: '1' });
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

it('renews a token shortly before it ends, so that no call is refused', async () => {
  const { client, heard } = await signUpClient(app);
  const log = new RequestLog(app);
  const end = performance.now() + 2_500;
  while (performance.now() < end) {
    expect((await client.fetch('/auth/me')).status).toBe(200);
    if (!isFullDepth()) await pause(5);
  }
  expect(log.unauthorized).toEqual([]);
  expect([1, 2]).toContain(log.refreshes.length);
  expect(heard).toEqual(log.refreshes.map(() => client.principal?.sessionId));
});

it('asks for nothing while nothing is called', async () => {
  const { client } = await signUpClient(app);
  const log = new RequestLog(app);
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(log.all).toEqual([]);
  expect((await client.fetch('/auth/me')).status).toBe(200);
  expect(log.all.map(({ path }) => path)).toEqual(['/auth/refresh', '/auth/me']);
});

it('renews once when the clock is set forward, and goes on when it is set back', async () => {
  const { client } = await signUpClient(app);
  const log = new RequestLog(app);
  const realNow = Date.now;
  let offset = 0;
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => realNow() + offset);
  for (offset of [HOUR_MILLISECONDS, -HOUR_MILLISECONDS]) {
    for (let call = 0; call < 3; call++) {
      expect((await client.fetch('/auth/me')).status).toBe(200);
    }
  }
  clock.mockRestore();
  expect(log.refreshes).toHaveLength(1);
});
