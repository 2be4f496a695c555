import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD, signUp } from '../../../builders/accounts.js';
import { startChromium } from '../../../support/chromium.js';
import { RequestLog } from '../../../support/request-log.js';
import { startTestApp } from '../../../support/test-app.js';

/** What Sentry's SDK, OpenTelemetry's and wrappers around `fetch` add to each call. */
const TRACING = {
  'sentry-trace': '771a43a4192642f0b136d5159a501700-9c2a9c3f3f0a4b1c-1',
  baggage: 'sentry-environment=production,sentry-public_key=abc',
  traceparent: '00-771a43a4192642f0b136d5159a501700-9c2a9c3f3f0a4b1c-01',
  tracestate: 'vendor=value',
  'X-Requested-With': 'XMLHttpRequest',
  'X-Request-Id': '771a43a4192642f0',
};

const appsPage = createServer((_request, response) => {
  response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>An app</title>');
});

let app: Awaited<ReturnType<typeof startTestApp>>;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await startChromium();
  appsPage.listen(0, '127.0.0.1');
  await once(appsPage, 'listening');
  const origin = `http://127.0.0.1:${(appsPage.address() as AddressInfo).port}`;
  app = await startTestApp({ CORS_ORIGINS: origin });
  page = await browser.newPage();
  await page.goto(origin);
});
afterAll(async () => {
  await browser?.close();
  appsPage.closeAllConnections();
  appsPage.close();
  await app?.[Symbol.asyncDispose]();
});

/** Calls from the page, with tracing's headers added, and tells the answer or what went wrong. */
const call = (path: string, body?: object, more: Record<string, string> = {}) =>
  page.evaluate(
    async ([url, text, headers]) => {
      const sent =
        text === undefined ? headers : { ...headers, 'Content-Type': 'application/json' };
      const method = text === undefined ? 'GET' : 'POST';
      const init = { method, credentials: 'include', headers: sent, body: text } as const;
      return fetch(url, init).then(
        async (answer) => ({ status: answer.status, body: JSON.parse(await answer.text()) }),
        (error) => ({ status: 0, body: String(error) }),
      );
    },
    [app.origin + path, body && JSON.stringify(body), { ...TRACING, ...more }] as const,
  );

it('a page of a listed origin calls with the headers that tracing adds', async () => {
  const { email } = await signUp(app);
  const log = new RequestLog(app);
  const session = await call('/auth/login', { email, password: PASSWORD, delivery: 'body' });
  expect(session.status).toBe(200);
  const bearer = { Authorization: `Bearer ${session.body.accessToken}` };
  const profile = await call('/users/me', undefined, bearer);
  expect([profile.status, profile.body.email]).toEqual([200, email]);
  const sent = log.to('/users/me').find(({ method }) => method === 'GET');
  for (const [name, value] of Object.entries(TRACING)) {
    expect([name, sent?.headers[name.toLowerCase()]]).toEqual([name, value]);
  }
});

it('no other header of its own gets through', async () => {
  expect(await call('/auth/me', undefined, { 'X-Own': 'x' })).toMatchObject({ status: 0 });
});

it('a page that is not listed reads the keys all the same', async () => {
  await page.goto(page.url().replace('127.0.0.1', 'localhost'));
  const withTracing = await page.evaluate(
    async ([url, headers]) => (await fetch(url, { headers })).status,
    [`${app.origin}/.well-known/jwks.json`, TRACING] as const,
  );
  expect(withTracing).toBe(200);
  expect(await call('/auth/me')).toMatchObject({ status: 0 });
});
