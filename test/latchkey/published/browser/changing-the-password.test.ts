import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD, signUp } from '../../../builders/accounts.js';
import { startChromium } from '../../../support/chromium.js';
import { eventually } from '../../../support/eventually.js';
import { Tab } from '../../../support/tab.js';
import { startTestApp } from '../../../support/test-app.js';

const NEW_PASSWORD = 'seven green kites above the hill';

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

it('takes every tab along into the new session, and no tab hears of an end', async () => {
  const context = await browser.newContext();
  await Tab.prepare(context);
  const open = () => Tab.open(context, app.origin.replace('127.0.0.1', 'localhost'));
  const [first, second] = [await open(), await open()];
  const { email } = await signUp(app);
  const former = await first.logIn(email, PASSWORD);
  await eventually(async () => expect(await second.heard()).toEqual([former]), { within: 5 });

  const [sessionId] = await Promise.all([
    first.changePassword(PASSWORD, NEW_PASSWORD),
    second.callFor(1, 50),
  ]);

  expect(sessionId).not.toBe(former);
  for (const tab of [first, second]) {
    expect(await tab.call()).toBe(200);
    expect(await tab.heard()).toEqual([former, sessionId]);
  }
  for (const tab of [first, second]) {
    await tab.load();
    expect(await tab.restore()).toBe(sessionId);
  }
  await context.close();
});
