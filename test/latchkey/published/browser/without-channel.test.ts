import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD, signUp } from '../../../builders/accounts.js';
import { startChromium } from '../../../support/chromium.js';
import { RequestLog } from '../../../support/request-log.js';
import { Tab } from '../../../support/tab.js';
import { startTestApp } from '../../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let browser: Browser;

beforeAll(async () => {
  browser = await startChromium();
  app = await startTestApp();
});
afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

it('each tab refreshes for itself, and learns of the end by its next call', async () => {
  const context = await browser.newContext();
  await Tab.prepare(context, 'delete globalThis.BroadcastChannel;');
  const open = () => Tab.open(context, app.origin.replace('127.0.0.1', 'localhost'));
  const [one, another] = [await open(), await open()];
  const sessionId = await one.logIn((await signUp(app)).email, PASSWORD);

  const log = new RequestLog(app);
  expect(await another.restore()).toBe(sessionId);
  expect([await one.call(), await another.call()]).toEqual([200, 200]);
  expect([log.refreshes.length, log.unauthorized]).toEqual([1, []]);

  await another.logOut();
  expect(await one.call()).toBe('auth.refresh_invalid');
  expect([await one.heard(), await another.heard()]).toEqual([
    [sessionId, null],
    [sessionId, null],
  ]);
});
