import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { PASSWORD, signIn, signUp } from '../../../builders/accounts.js';
import { startChromium } from '../../../support/chromium.js';
import { eventually } from '../../../support/eventually.js';
import { Tab } from '../../../support/tab.js';
import { startTestApp } from '../../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let browser: Browser;
let context: BrowserContext;
let tabs: [Tab, Tab, Tab];
let email: string;

beforeAll(async () => {
  browser = await startChromium();
  app = await startTestApp();
  context = await browser.newContext();
  await Tab.prepare(context);
  const open = () => Tab.open(context, app.origin.replace('127.0.0.1', 'localhost'));
  tabs = [await open(), await open(), await open()];
});
afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await Tab.startOver(context, tabs);
  email = (await signUp(app)).email;
});

const inAllTabs = (check: (tab: Tab) => Promise<void>) =>
  eventually(() => Promise.all(tabs.map(check)), { within: 5 });

it('signs every tab in when one does, with its token', async () => {
  const sessionId = await tabs[0].logIn(email, PASSWORD);
  await inAllTabs(async (tab) => expect(await tab.heard()).toEqual([sessionId]));
  expect(await Promise.all(tabs.map((tab) => tab.call()))).toEqual([200, 200, 200]);
});

it('signs every tab out when one does, once', async () => {
  const sessionId = await tabs[0].logIn(email, PASSWORD);
  await inAllTabs(async (tab) => expect(await tab.heard()).toEqual([sessionId]));
  await tabs[1].logOut();
  await inAllTabs(async (tab) => expect(await tab.heard()).toEqual([sessionId, null]));
  expect(await Promise.all(tabs.map((tab) => tab.call()))).toEqual([401, 401, 401]);
  for (const tab of tabs) {
    await tab.load();
    expect(await tab.restore()).toBeNull();
  }
});

it('signs every tab out when one does that has just been loaded and has called nothing', async () => {
  const sessionId = await tabs[0].logIn(email, PASSWORD);
  await inAllTabs(async (tab) => expect(await tab.heard()).toEqual([sessionId]));
  await tabs[1].load();
  await tabs[1].logOut();
  await inAllTabs(async (tab) => expect((await tab.heard()).at(-1)).toBeNull());
  expect(await Promise.all(tabs.map((tab) => tab.signedIn()))).toEqual([false, false, false]);
  await tabs[1].load();
  expect(await tabs[1].restore()).toBeNull();
});

it('signs every tab out when another device ends all sessions, once', async () => {
  const sessionId = await tabs[0].logIn(email, PASSWORD);
  await inAllTabs(async (tab) => expect(await tab.heard()).toEqual([sessionId]));
  const device = await signIn(app.api, email);
  await app.api.post('/auth/logout-all', undefined, { token: device.accessToken });
  const outcomes = await Promise.all(tabs.map((tab) => tab.call()));
  expect(outcomes).toContain('auth.session_revoked');
  expect(outcomes).not.toContain(200);
  await inAllTabs(async (tab) => expect(await tab.heard()).toEqual([sessionId, null]));
});

it('shows no session again that has ended: its last token comes late', async () => {
  const sessionId = await tabs[0].logIn(email, PASSWORD);
  const device = await signIn(app.api, email);
  await tabs[2].page.evaluate(
    ([ended, accessToken]) => {
      const address = `${(globalThis as unknown as { location: URL }).location.origin}/`;
      const channel = new BroadcastChannel(`latchkey ${address}`);
      const token = { accessToken, expiresIn: 900, receivedAt: Date.now() };
      for (const news of [{ ended }, { token }]) channel.postMessage({ from: 'late', news });
    },
    [device.sessionId, device.accessToken],
  );
  for (const tab of tabs) {
    expect(await tab.call()).toBe(200);
    expect(new Set(await tab.heard())).toEqual(new Set([sessionId]));
  }
});

it('signs nobody out of a newer session: the end of the one before comes late', async () => {
  await tabs[0].logIn(email, PASSWORD);
  const sessionId = await tabs[1].logIn(email, PASSWORD);
  const [first] = await tabs[0].heard();
  await tabs[2].page.evaluate((ended) => {
    const address = `${(globalThis as unknown as { location: URL }).location.origin}/`;
    const channel = new BroadcastChannel(`latchkey ${address}`);
    channel.postMessage({ from: 'a tab that slept', news: { ended } });
  }, first);
  expect(await tabs[0].call()).toBe(200);
  for (const tab of tabs) expect((await tab.heard()).at(-1)).toBe(sessionId);
});
