import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { PASSWORD, signUp } from '../../../builders/accounts.js';
import { Barrier } from '../../../support/barrier.js';
import { startChromium } from '../../../support/chromium.js';
import { eventually } from '../../../support/eventually.js';
import { Gateway } from '../../../support/gateway.js';
import { RequestLog } from '../../../support/request-log.js';
import { Tab } from '../../../support/tab.js';
import { startTestApp } from '../../../support/test-app.js';
import { isFullDepth } from '../../../support/test-depth.js';
import { onThisMachine } from '../../../support/time-limits.js';

/** How much faster time passes for the tab that waits: quick does not wait for a quarter of a minute. */
const FASTER = isFullDepth() ? 1 : 10;
const WAIT_MILLISECONDS = 15_000 / FASTER;
const FASTER_LIMITS = `{
  const { timeout } = AbortSignal;
  AbortSignal.timeout = (milliseconds) => timeout.call(AbortSignal, milliseconds / ${FASTER});
}`;

let app: Awaited<ReturnType<typeof startTestApp>>;
let gateway: Gateway;
let browser: Browser;
let context: BrowserContext;
let tabs: [Tab, Tab];
let email: string;
let sessionId: string;
/** Before the answers to refreshes. */
const barrier = new Barrier();

beforeAll(async () => {
  browser = await startChromium();
  app = await startTestApp();
  gateway = await Gateway.start(
    app.origin,
    () => false,
    async (path) => {
      if (path === '/auth/refresh') await barrier.opened;
    },
  );
  context = await browser.newContext();
  await Tab.prepare(context);
  const open = () => Tab.open(context, gateway.origin.replace('127.0.0.1', 'localhost'));
  tabs = [await open(), await open()];
});
afterAll(async () => {
  await browser?.close();
  await gateway?.[Symbol.asyncDispose]();
  await app?.[Symbol.asyncDispose]();
});
beforeEach(async () => {
  barrier.open();
  await Tab.startOver(context, tabs);
  email = (await signUp(app)).email;
  sessionId = await tabs[0].logIn(email, PASSWORD);
  await eventually(async () => expect(await tabs[1].heard()).toEqual([sessionId]), { within: 5 });
});

/** What tabs do at the origin that waits for a turn. */
const waitingForTurn = (tab: Tab) =>
  tab.page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: the tests are compiled without a browser's types
    const { pending } = await (globalThis as any).navigator.locks.query();
    return pending.length as number;
  });

/** Does something in the second tab whose turn comes while the first one's refresh is under way. */
async function duringRefresh<T>(work: () => Promise<T>): Promise<T> {
  await tabs[0].load();
  barrier.close();
  const log = new RequestLog(app);
  const restored = tabs[0].restore();
  await eventually(() => expect(log.refreshes[0]?.status).toBe(200), { within: 5 });
  const worked = work();
  await eventually(async () => expect(await waitingForTurn(tabs[1])).toBe(1), { within: 5 });
  expect(log.all).toHaveLength(1);
  barrier.open();
  expect(await restored).toBe(sessionId);
  return worked;
}

it('signs out after a refresh of another tab, and every tab with it', async () => {
  await duringRefresh(() => tabs[1].logOut());
  await eventually(async () => expect(await tabs[0].heard()).toEqual([sessionId, null]), {
    within: 5,
  });
  for (const tab of tabs) {
    await tab.load();
    expect(await tab.restore()).toBeNull();
  }
});

it('signs in after a refresh of another tab: the cookie is the newer session’s', async () => {
  const newer = await duringRefresh(() => tabs[1].logIn(email, PASSWORD));
  await eventually(async () => expect(await tabs[0].heard()).toEqual([sessionId, newer]), {
    within: 5,
  });
  for (const tab of tabs) {
    await tab.load();
    expect(await tab.restore()).toBe(newer);
  }
});

it('waits for a tab that hangs in its turn no longer than a request may take', async () => {
  await tabs[0].page.evaluate(() => {
    // biome-ignore lint/suspicious/noExplicitAny: the tests are compiled without a browser's types
    const { navigator, location } = globalThis as any;
    void navigator.locks.request(`latchkey ${location.origin}/`, () => new Promise(() => {}));
  });
  await tabs[1].page.addInitScript(FASTER_LIMITS);
  await tabs[1].load();
  const startedAt = performance.now();
  expect(await tabs[1].restore()).toBe(sessionId);
  const waited = performance.now() - startedAt;
  expect(waited).toBeGreaterThan(WAIT_MILLISECONDS - 1_000 / FASTER);
  expect(waited).toBeLessThan(WAIT_MILLISECONDS + onThisMachine(3_000));
  expect(await tabs[1].call()).toBe(200);
});
