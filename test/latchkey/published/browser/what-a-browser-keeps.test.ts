import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD, signUp } from '../../../builders/accounts.js';
import { COOKIE } from '../../../builders/browsers.js';
import { findChromium, startChromium } from '../../../support/chromium.js';
import { Tab } from '../../../support/tab.js';
import { startTestApp } from '../../../support/test-app.js';

const SESSION_IDLE_SECONDS = 604_800;
const AN_ACCESS_TOKEN = /eyJ[\w-]+\.[\w-]+\.[\w-]+/;

let app: Awaited<ReturnType<typeof startTestApp>>;
let browser: Browser;
let context: BrowserContext;
let tab: Tab;

beforeAll(async () => {
  browser = await startChromium();
  app = await startTestApp();
  context = await browser.newContext();
  await Tab.prepare(context);
  tab = await Tab.open(context, app.origin.replace('127.0.0.1', 'localhost'));
  await tab.logIn((await signUp(app)).email, PASSWORD);
  await tab.call();
});
afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

it('keeps the refresh token in a cookie of this host alone, out of reach of scripts', async () => {
  const cookies = await context.cookies();
  expect(cookies.map(({ name }) => name)).toEqual([COOKIE]);
  const [cookie] = cookies;
  expect(cookie).toMatchObject({
    value: expect.stringMatching(/^lkr_/),
    domain: 'localhost',
    path: '/',
    httpOnly: true,
    secure: true,
    sameSite: 'Strict',
  });
  const lifeSeconds = (cookie?.expires ?? 0) - Date.now() / 1000;
  expect(Math.abs(lifeSeconds - SESSION_IDLE_SECONDS)).toBeLessThan(60);
});

it('keeps the access token in no storage, and no token where scripts can read', async () => {
  const stored = await tab.page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: the tests are compiled without a browser's types
    const page = globalThis as any;
    return {
      localStorage: { ...page.localStorage },
      sessionStorage: { ...page.sessionStorage },
      databases: await page.indexedDB.databases(),
      caches: await page.caches.keys(),
      cookie: page.document.cookie,
      workers: (await page.navigator.serviceWorker.getRegistrations()).length,
      name: page.name,
      address: page.location.href,
      history: page.history.state,
    };
  });
  expect(stored).toEqual({
    localStorage: {},
    sessionStorage: {},
    databases: [],
    caches: [],
    cookie: '',
    workers: 0,
    name: '',
    address: expect.stringMatching(/\/health\/live$/),
    history: null,
  });
  const state = JSON.stringify(await context.storageState({ indexedDB: true }));
  expect(state).toContain('lkr_');
  expect(state).not.toMatch(AN_ACCESS_TOKEN);
});

it('takes the session up again after a reload, by the cookie alone', async () => {
  const [before] = await tab.heard();
  await tab.load();
  expect(await tab.restore()).toBe(before);
  expect(await tab.call()).toBe(200);
});

it('is looked for by name: without one, what to install is said', () => {
  expect(() => findChromium({ PATH: '/nowhere' })).toThrow(
    'The browser tests need Chromium: install it ("apt-get install chromium"), or name another one in the environment variable CHROMIUM.',
  );
  expect(findChromium({ CHROMIUM: '/opt/chrome', PATH: '' })).toBe('/opt/chrome');
});
