import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD, signUp } from '../../../builders/accounts.js';
import { startChromium } from '../../../support/chromium.js';
import { RequestLog } from '../../../support/request-log.js';
import { Tab } from '../../../support/tab.js';
import { startTestApp } from '../../../support/test-app.js';
import { repeated } from '../../../support/test-depth.js';
import { onThisMachine } from '../../../support/time-limits.js';

const TOKEN_SECONDS = 2;
/** A minute in full: thirty tokens, one after the other. */
const TOKENS = repeated({ quick: 2, full: 30 });
const CALLING_SECONDS = TOKENS * TOKEN_SECONDS;
/** A token is renewed when a tenth of its life is left; the rest is room for timers. */
const SHORTEST_GAP_MILLISECONDS = 1_700;

let app: Awaited<ReturnType<typeof startTestApp>>;
let browser: Browser;

beforeAll(async () => {
  browser = await startChromium();
  app = await startTestApp({ ACCESS_TOKEN_TTL_SECONDS: String(TOKEN_SECONDS) });
});
afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

it(
  'four tabs stay signed in for many tokens’ lives with one refresh for each token’s end',
  async () => {
    const context = await browser.newContext();
    await Tab.prepare(context);
    const { email } = await signUp(app);
    const origin = app.origin.replace('127.0.0.1', 'localhost');
    const first = await Tab.open(context, origin);
    await first.logIn(email, PASSWORD);
    const tabs = [first];
    while (tabs.length < 4) tabs.push(await Tab.open(context, origin));
    expect(new Set(await Promise.all(tabs.map((tab) => tab.restore()))).size).toBe(1);

    const log = new RequestLog(app);
    const outcomes = await Promise.all(tabs.map((tab) => tab.callFor(CALLING_SECONDS, 300)));
    for (const outcome of outcomes) {
      expect(Object.keys(outcome)).toEqual(['200']);
      expect(outcome[200]).toBeGreaterThan(CALLING_SECONDS);
    }
    expect(log.unauthorized).toEqual([]);
    const times = log.refreshes.map(({ at }) => at);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(SHORTEST_GAP_MILLISECONDS);
    expect(times.length).toBeGreaterThan(TOKENS / 2);
    for (const tab of tabs) expect(await tab.heard()).not.toContain(null);
  },
  onThisMachine(30_000 + CALLING_SECONDS * 1_000),
);
