import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, signUp } from '../../../builders/accounts.js';
import { COOKIE } from '../../../builders/browsers.js';
import { findSession } from '../../../builders/sessions.js';
import { startChromium } from '../../../support/chromium.js';
import { eventually } from '../../../support/eventually.js';
import { RequestLog } from '../../../support/request-log.js';
import { Tab } from '../../../support/tab.js';
import { startTestApp } from '../../../support/test-app.js';
import { sampled } from '../../../support/test-depth.js';

const PATHS = ['/auth/refresh', '/auth/logout', '/auth/logout-all', '/auth/login'];
const ENCTYPES = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'];

/** Another host name, and so another site: for browsers ports do not tell sites apart. */
const strangerSite = createServer((_request, response) => {
  response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>Win a prize</title>');
});

let app: Awaited<ReturnType<typeof startTestApp>>;
let browser: Browser;
let context: BrowserContext;
let origin: string;
let victim: Tab;
let sessionId: string;
let stranger: string;

beforeAll(async () => {
  browser = await startChromium();
  app = await startTestApp();
  origin = app.origin.replace('127.0.0.1', 'localhost');
  strangerSite.listen(0, '127.0.0.1');
  await once(strangerSite, 'listening');
  stranger = `http://127.0.0.1:${(strangerSite.address() as AddressInfo).port}/`;
  context = await browser.newContext();
  await Tab.prepare(context);
  victim = await Tab.open(context, origin);
  sessionId = await victim.logIn((await signUp(app)).email, PASSWORD);
});
afterAll(async () => {
  await browser?.close();
  strangerSite.closeAllConnections();
  strangerSite.close();
  await app?.[Symbol.asyncDispose]();
});

async function onStrangersPage<T>(work: (page: Page) => Promise<T>): Promise<T> {
  const page = await context.newPage();
  await page.goto(stranger);
  return work(page).finally(() => page.close());
}

async function expectNothingChanged(before: string): Promise<void> {
  expect(await state()).toBe(before);
  expect(await victim.restore()).toBe(sessionId);
}

/** The victim's cookie, and what the server holds of the session. */
async function state(): Promise<string> {
  const cookies = await context.cookies(origin);
  const cookie = cookies.find(({ name }) => name === COOKIE)?.value;
  return JSON.stringify([cookie, await findSession(app.stores, sessionId)]);
}

const FORMS = PATHS.flatMap((path) => ENCTYPES.map((enctype) => [path, enctype] as const));

describe('another site that posts', () => {
  // One in four has each kind of form, and the scripts have every path.
  it.each(sampled(FORMS, { oneIn: 4 }))(
    'to %s by a form (%s) changes nothing',
    async (path, enctype) => {
      const before = await state();
      const log = new RequestLog(app);
      await onStrangersPage(async (page) => {
        await page.evaluate(
          ([action, type]) => {
            // biome-ignore lint/suspicious/noExplicitAny: compiled without a browser's types
            const { document } = globalThis as any;
            const form = document.createElement('form');
            Object.assign(form, { method: 'POST', action, enctype: type });
            document.body.append(form);
            form.submit();
          },
          [origin + path, enctype],
        );
        await eventually(() => expect(log.to(path)[0]?.status).toBeGreaterThan(0), { within: 5 });
        await page.waitForLoadState();
      });
      const [request] = log.to(path);
      expect(request?.headers['sec-fetch-site']).toBe('cross-site');
      expect(request?.headers.cookie).toBeUndefined();
      expect([401, 403, 415]).toContain(request?.status);
      await expectNothingChanged(before);
    },
  );

  it.each(PATHS)('to %s by a script changes nothing', async (path) => {
    const before = await state();
    const log = new RequestLog(app);
    await onStrangersPage((page) =>
      page.evaluate(async (address) => {
        const init = { method: 'POST', credentials: 'include' } as const;
        await fetch(address, { ...init, mode: 'no-cors' });
        await fetch(address, { ...init, mode: 'cors' }).catch(() => undefined);
        const headers = { 'Content-Type': 'application/json' };
        await fetch(address, { ...init, headers, body: '{}' }).catch(() => undefined);
      }, origin + path),
    );
    for (const { headers, method } of log.to(path)) {
      expect(headers['sec-fetch-site']).toBe('cross-site');
      expect([method, headers.cookie]).toEqual([method, undefined]);
    }
    expect(log.to(path).length).toBeGreaterThanOrEqual(2);
    await expectNothingChanged(before);
  });
});
