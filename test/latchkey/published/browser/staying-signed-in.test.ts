import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD, signUp } from '../../../builders/accounts.js';
import { startChromium } from '../../../support/chromium.js';
import { suspendPages } from '../../../support/renderers.js';
import { RequestLog } from '../../../support/request-log.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { Tab } from '../../../support/tab.js';
import { TcpProxy } from '../../../support/tcp-proxy.js';
import { TestApp } from '../../../support/test-app.js';

const ENV = { ACCESS_TOKEN_TTL_SECONDS: '1' };
const HOUR_MILLISECONDS = 3_600_000;

let stores: Stores;
let app: TestApp;
let way: TcpProxy;
let browser: Browser;

beforeAll(async () => {
  browser = await startChromium();
  stores = await createStores();
  app = await TestApp.start({ stores, env: ENV });
  way = await TcpProxy.start(portOf(app));
});
afterAll(async () => {
  await browser?.close();
  await way?.stop();
  await app?.stop();
  await stores?.drop();
});

const portOf = ({ origin }: TestApp) => Number(new URL(origin).port);

async function openSignedIn(script?: string): Promise<{ tab: Tab; context: BrowserContext }> {
  const context = await browser.newContext();
  await Tab.prepare(context, script);
  const tab = await Tab.open(context, `http://localhost:${way.port}`);
  await tab.logIn((await signUp(app)).email, PASSWORD);
  return { tab, context };
}

const passes = (milliseconds: number) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

it('outlives a sleep: the first call after it has a new token', async () => {
  const { tab } = await openSignedIn();
  expect(await tab.call()).toBe(200);
  const log = new RequestLog(app);
  const sleep = await suspendPages(browser);
  await passes(1_500);
  expect(log.all).toEqual([]);
  sleep.wake();
  expect([await tab.call(), await tab.call()]).toEqual([200, 200]);
  expect([log.refreshes.length, log.unauthorized]).toEqual([1, []]);
  expect(await tab.heard()).not.toContain(null);
});

it('outlives a sleep in which the monotonic clock stood still', async () => {
  const { tab } = await openSignedIn(
    'const stood = performance.now(); performance.now = () => stood;',
  );
  const log = new RequestLog(app);
  await passes(1_100);
  expect(await tab.call()).toBe(200);
  expect([log.refreshes.length, log.unauthorized]).toEqual([1, []]);
});

it('refreshes at each token’s end and no more with a clock that is an hour fast or slow', async () => {
  const shift = (milliseconds: number) =>
    openSignedIn(`const now = Date.now; Date.now = () => now() + ${milliseconds};`);
  const shifted = [await shift(HOUR_MILLISECONDS), await shift(-HOUR_MILLISECONDS)];
  const log = new RequestLog(app);
  const refreshes = shifted.map(({ tab }) => {
    const requests: string[] = [];
    tab.page.on('request', (request) => requests.push(request.url()));
    return () => requests.filter((url) => url.endsWith('/auth/refresh')).length;
  });
  const outcomes = await Promise.all(shifted.map(({ tab }) => tab.callFor(1.6, 100)));
  expect(outcomes).toEqual([{ 200: expect.any(Number) }, { 200: expect.any(Number) }]);
  for (const count of refreshes) expect([1, 2]).toContain(count());
  expect(log.unauthorized).toEqual([]);
});

it('outlives being offline: the call waits for the network to come back', async () => {
  const { tab, context } = await openSignedIn();
  await passes(1_000);
  await context.setOffline(true);
  const failed = tab.page.waitForEvent('requestfailed');
  const call = tab.call();
  await failed;
  expect(await tab.signedIn()).toBe(true);
  await context.setOffline(false);
  expect(await call).toBe(200);
  expect(await tab.heard()).not.toContain(null);
});

it('outlives a restart of the server, in all tabs', async () => {
  const { tab, context } = await openSignedIn();
  const another = await Tab.open(context, `http://localhost:${way.port}`);
  const calls = Promise.all([tab.callFor(1.2, 100), another.callFor(1.2, 100)]);
  way.cut();
  const before = app;
  app = await TestApp.start({ stores, env: ENV });
  way.redirect(portOf(app));
  way.restore();
  await calls;
  expect([await tab.call(), await another.call()]).toEqual([200, 200]);
  expect([...(await tab.heard()), ...(await another.heard())]).not.toContain(null);
  await before.stop();
});
