import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { PASSWORD, signIn, signUp } from '../../../builders/accounts.js';
import { startChromium } from '../../../support/chromium.js';
import { eventually } from '../../../support/eventually.js';
import { RequestLog } from '../../../support/request-log.js';
import { Tab } from '../../../support/tab.js';
import { startTestApp } from '../../../support/test-app.js';

/** Of a page that browsers may keep: most answers here are `no-store`. */
const CACHED_PATH = '/demo/files/operations/demo/page/demo.css';
const HEARD = '/health/live?heard=';
/** Playwright loses sight of a page that comes out of the cache. */
const TELL_SERVER = `globalThis.client?.onChange((principal) =>
  fetch('${HEARD}' + (principal && principal.sessionId)));`;

let app: Awaited<ReturnType<typeof startTestApp>>;
let browser: Browser;
let tab: Tab;
let email: string;
let sessionId: string;

beforeAll(async () => {
  browser = await startChromium(['--disable-back-forward-cache']);
  app = await startTestApp();
});
afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});
beforeEach(async () => {
  const context = await browser.newContext();
  await Tab.prepare(context);
  await context.addInitScript(TELL_SERVER);
  tab = await Tab.open(context, app.origin.replace('127.0.0.1', 'localhost'));
  await tab.page.goto(`${new URL(tab.page.url()).origin}${CACHED_PATH}`);
  email = (await signUp(app)).email;
  const log = new RequestLog(app);
  sessionId = await tab.logIn(email, PASSWORD);
  await eventually(() => expect(log.to(HEARD + sessionId)).toHaveLength(1), { within: 5 });
});

/** Leaves the page for another one and comes back by the browser's own way. */
async function awayAndBack(meanwhile: () => Promise<unknown>): Promise<void> {
  await tab.page.goto('about:blank');
  await meanwhile();
  await tab.page.evaluate('setTimeout(() => history.back())');
}

it('shows the session’s end that came while the page was in the browser’s cache', async () => {
  const device = await signIn(app.api, email);
  const log = new RequestLog(app);
  await awayAndBack(() =>
    app.api.post('/auth/logout-all', undefined, { token: device.accessToken }),
  );
  await eventually(() => expect(log.to(`${HEARD}null`)).toHaveLength(1), { within: 5 });
  expect(log.refreshes.map(({ status }) => status)).toEqual([401]);
});

it('goes on with a session that goes on, and asks once', async () => {
  const log = new RequestLog(app);
  await awayAndBack(async () => undefined);
  await eventually(() => expect(log.to(HEARD + sessionId)).toHaveLength(1), { within: 5 });
  expect(log.refreshes.map(({ status }) => status)).toEqual([200]);
});
