import { generateKeyPairSync } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { uniqueEmail } from '../../../builders/accounts.js';
import { COOKIE } from '../../../builders/browsers.js';
import { EXTERNAL_COOKIE, settingsOf, uniqueSubject } from '../../../builders/external-sign-in.js';
import { startChromium } from '../../../support/chromium.js';
import { type Faults, OpenIdProvider } from '../../../support/openid-provider.js';
import { TcpProxy } from '../../../support/tcp-proxy.js';
import { startTestApp } from '../../../support/test-app.js';
import { sampled } from '../../../support/test-depth.js';

/** For browsers the provider, at 127.0.0.1, is another site than the application, at localhost. */
let provider: OpenIdProvider;
let app: Awaited<ReturnType<typeof startTestApp>>;
let door: TcpProxy;
let origin: string;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  provider = await OpenIdProvider.start();
  // The address of the application has to be known before it starts.
  door = await TcpProxy.start(0);
  origin = `http://localhost:${door.port}`;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  app = await startTestApp({
    ...settingsOf(provider),
    ...settingsOf(provider, 'apple'),
    EXTERNAL_APPLE_TEAM_ID: 'TEAM123456',
    EXTERNAL_APPLE_KEY_ID: 'KEY1234567',
    EXTERNAL_APPLE_PRIVATE_KEY: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    EXTERNAL_PROVIDERS: 'acme,apple',
    PUBLIC_URL: origin,
  });
  door.redirect(Number(new URL(app.origin).port));
  browser = await startChromium();
});
afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
  await door?.stop();
  await provider?.stop();
});
beforeEach(async () => {
  provider.person = { sub: uniqueSubject(), email: uniqueEmail(), email_verified: true };
  context = await browser.newContext();
  page = await context.newPage();
});

const RETURN = '/health/live';
const start = (id: string) => `${origin}/auth/external/${id}/start?returnTo=${RETURN}`;

/** What a page of the application gets that goes on with the session of the cookie. */
async function refreshes(on = page): Promise<number> {
  return on.evaluate(async () => (await fetch('/auth/refresh', { method: 'POST' })).status);
}

async function cookies(): Promise<Record<string, string>> {
  const all = await context.cookies(origin);
  return Object.fromEntries(all.map(({ name, sameSite }) => [name, sameSite]));
}

describe.each(sampled(['acme', 'apple'], { oneIn: 2, turn: 1 }))(
  'in Chromium, through %s',
  (id) => {
    it('somebody signs in, with the cookies as they are', async () => {
      await page.goto(start(id));
      await page.waitForURL(`${origin}${RETURN}#`);
      expect(await refreshes()).toBe(200);
      const kept = await cookies();
      expect(kept[COOKIE]).toBe('Strict');
      expect(Object.keys(kept).join()).not.toContain(EXTERNAL_COOKIE);
    });

    it('somebody who is signed in already gets a session of their own, and back goes nowhere', async () => {
      for (let times = 0; times < 2; times += 1) {
        await page.goto(start(id));
        await page.waitForURL(`${origin}${RETURN}#`);
      }
      await page.goBack();
      await page.waitForURL(`${origin}${RETURN}#`);
      expect(await refreshes()).toBe(200);
    });

    it('two tabs at once both end signed in', async () => {
      const other = await context.newPage();
      await Promise.all([page.goto(start(id)), other.goto(start(id))]);
      for (const tab of [page, other]) await tab.waitForURL(`${origin}${RETURN}#`);
      expect([await refreshes(), await refreshes(other)]).toEqual([200, 200]);
    });
  },
);

describe('in Chromium, a callback', () => {
  /** What the provider would send the browser to, which it keeps to itself at first. */
  async function caught(): Promise<string> {
    let asked = '';
    const keep: NonNullable<Faults['handlers']>[string] = (request, response) => {
      asked = `${provider.origin}${request.url}`;
      response.end('Who are you?');
    };
    provider.faults = { handlers: { '/authorize': keep } };
    await page.goto(start('acme'));
    provider.faults = {};
    const response = await fetch(asked, { redirect: 'manual' });
    return response.headers.get('location') ?? '';
  }

  it('that is opened in another browser signs nobody in, there or here', async () => {
    const address = await caught();
    const stranger = await browser.newContext();
    const there = await stranger.newPage();
    await there.goto(address);
    // The page takes the error from the fragment, which is not left in the address.
    expect(new URL(there.url()).pathname).toBe('/pages/sign-in');
    expect((await stranger.cookies(origin)).map(({ name }) => name)).not.toContain(COOKIE);
    await stranger.close();
    // And the one who began can still finish.
    await page.goto(address);
    await page.waitForURL(`${origin}${RETURN}#`);
  });

  it('brings no fragment of the provider’s to our page', async () => {
    const address = await caught();
    await page.goto(`${address}#error=auth.second_factor_required&challenge=evil`);
    await page.waitForURL(`${origin}${RETURN}#`);
  });
});
