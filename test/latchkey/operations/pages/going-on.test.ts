import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, signUp } from '../../../builders/accounts.js';
import { startChromium } from '../../../support/chromium.js';
import { PageVisitor } from '../../../support/page-visitor.js';
import { startTestApp } from '../../../support/test-app.js';
import { sampled } from '../../../support/test-depth.js';
import { onThisMachine } from '../../../support/time-limits.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let browser: Browser;
let visitor: PageVisitor;
beforeAll(async () => {
  [browser, app] = await Promise.all([startChromium(), startTestApp()]);
  visitor = await PageVisitor.come(browser, app);
});
afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

/** Where somebody is after signing in on a page that was to lead them on. */
async function ledTo(returnTo: string): Promise<URL> {
  const { email } = await signUp(app);
  await visitor.open(`/pages/sign-in?returnTo=${encodeURIComponent(returnTo)}`);
  await visitor.fill('E-mail address', email);
  await visitor.fill('Password', PASSWORD);
  await Promise.all([
    visitor.page.waitForURL((address) => address.pathname !== '/pages/sign-in'),
    visitor.press('Sign in'),
  ]);
  const address = new URL(visitor.page.url());
  await visitor.startOver();
  return address;
}

describe('after signing in, a page leads on', () => {
  it(
    'to the path that was wanted',
    async () => {
      const { host, pathname, search } = await ledTo('/pages/account?wanted=1');
      expect({ host, pathname, search }).toEqual({
        host: new URL(app.origin).host.replace('127.0.0.1', 'localhost'),
        pathname: '/pages/account',
        search: '?wanted=1',
      });
    },
    onThisMachine(30_000),
  );

  it.each(
    sampled(['/.//evil.example/a', '//evil.example', '/\\evil.example', '/%2e//evil.example'], {
      oneIn: 2,
    }),
  )(
    'and to no other site: %s',
    async (returnTo) => {
      expect((await ledTo(returnTo)).hostname).toBe('localhost');
    },
    onThisMachine(30_000),
  );
});
