/** Requests that lead nowhere: what a person reads, and what a program. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SignedIn, signUpAdmin } from '../../../builders/accounts.js';
import { type App, askFor, registerApp } from '../../../builders/apps.js';
import { startChromium } from '../../../support/chromium.js';
import { PageVisitor } from '../../../support/page-visitor.js';
import { startTestApp } from '../../../support/test-app.js';
import { onThisMachine } from '../../../support/time-limits.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let shop: App;
let browser: Browser;
beforeAll(async () => {
  app = await startTestApp({ SINGLE_SIGN_ON: 'on' });
  admin = await signUpAdmin(app);
  shop = await registerApp(app.api, admin);
  browser = await startChromium();
}, onThisMachine(60_000));
afterAll(async () => {
  await browser?.close();
  await app[Symbol.asyncDispose]();
});

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const ask = (changed: Record<string, string>, headers: Record<string, string> = {}) => {
  const query = new URLSearchParams({ ...askFor(shop).parameters, ...changed });
  return app.api.get(`/oauth/authorize?${query}`, { headers });
};
const UNKNOWN: Record<string, string>[] = [
  { client_id: '0190f3c0-0000-7000-8000-000000000000' },
  { redirect_uri: 'https://evil.example/<script>alert(1)</script>' },
];

it.each(UNKNOWN)('a program is told in JSON: %j', async (changed) => {
  const answer = await ask(changed, { Accept: 'application/json' });
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(answer.body).toMatchObject({ error: 'invalid_request' });
});

it.each(UNKNOWN)('a person reads whose mistake it is: %j', async (changed) => {
  const answer = await ask(changed, { Accept: BROWSER });
  expect(answer.status).toBe(400);
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(answer.headers.get('content-security-policy')).toMatch(
    /default-src 'none'|frame-ancestors 'none'/,
  );
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('location')).toBeNull();
  expect(answer.text).toContain('Go back to the app and begin again.');
  expect(answer.text).toMatch(/oauth\.invalid_request \S{10,}/);
  expect(answer.text).not.toMatch(/<script/i);
});

it.each([
  ['en-US', 'The app cannot sign you in'],
  ['de-DE', 'Die App kann Sie nicht anmelden'],
])(
  'in a browser, on a phone and in the dark, in %s',
  async (locale, title) => {
    const viewport = { width: 390, height: 800 };
    const visitor = await PageVisitor.come(browser, app, { locale, viewport, colorScheme: 'dark' });
    const query = new URLSearchParams({ client_id: 'nobody' });
    await visitor.open(`/oauth/authorize?${query}`);
    await visitor.sees(title);
    expect(await visitor.findings()).toEqual([]);
    await visitor.context.close();
  },
  onThisMachine(60_000),
);
