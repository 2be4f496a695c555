import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { PASSWORD, signUp } from '../../../builders/accounts.js';
import { startChromium } from '../../../support/chromium.js';
import { eventually } from '../../../support/eventually.js';
import { Tab } from '../../../support/tab.js';
import { startTestApp } from '../../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let browser: Browser;
let context: BrowserContext;
let tab: Tab;
let origin: string;
let email: string;
beforeAll(async () => {
  [browser, app] = await Promise.all([startChromium(), startTestApp()]);
  origin = app.origin.replace('127.0.0.1', 'localhost');
  email = (await signUp(app)).email;
});
afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});
beforeEach(async () => {
  context = await browser.newContext({ locale: 'en-US' });
  await Tab.prepare(context);
  tab = await Tab.open(context, origin);
  expect(await tab.restore()).toBeNull();
});

it('is taken up by the open application without a reload, and so is its end', async () => {
  const page = await context.newPage();
  await page.goto(`${origin}/pages/sign-in`);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Your account' }).waitFor();
  await eventually(async () => expect(await tab.signedIn()).toBe(true), { within: 5 });
  expect(await tab.call()).toBe(200);
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await eventually(async () => expect((await tab.heard()).at(-1)).toBeNull(), { within: 5 });
});

it('is taken up when the application is looked at again, where no page could tell it', async () => {
  const answer = await context.request.post(`${origin}/auth/login`, {
    data: { email, password: PASSWORD },
  });
  expect(answer.status()).toBe(200);
  expect(await tab.heard()).toEqual([]);
  await tab.page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
  const { sessionId } = await answer.json();
  await eventually(async () => expect(await tab.heard()).toEqual([sessionId]), { within: 5 });
  expect(await tab.call()).toBe(200);
});
