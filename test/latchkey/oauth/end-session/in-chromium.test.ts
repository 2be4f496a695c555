import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD, type SignedIn, signUp, signUpAdmin } from '../../../builders/accounts.js';
import { type App, registerApp, signInAtApp, signUpAtBrowser } from '../../../builders/apps.js';
import { startChromium } from '../../../support/chromium.js';
import { eventually } from '../../../support/eventually.js';
import { PageVisitor } from '../../../support/page-visitor.js';
import { startTestApp } from '../../../support/test-app.js';
import { onThisMachine } from '../../../support/time-limits.js';

const SLOW = onThisMachine(60_000);
let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let shop: App;
let browser: Browser;
/** The app’s, and what comes back to it. */
let site: Server;
let goodbye: string;
const came: string[] = [];
beforeAll(async () => {
  site = createServer((request, response) => {
    if (request.url?.startsWith('/goodbye')) came.push(request.url);
    response.setHeader('Content-Type', 'text/html');
    response.end('<h1>Goodbye</h1>');
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  goodbye = `http://127.0.0.1:${(site.address() as AddressInfo).port}/goodbye`;
  app = await startTestApp({ SINGLE_SIGN_ON: 'on' });
  admin = await signUpAdmin(app);
  shop = await registerApp(app.api, admin, { postLogoutRedirectUris: [goodbye] });
  browser = await startChromium();
}, SLOW);
afterAll(async () => {
  await browser.close();
  site.close();
  await app[Symbol.asyncDispose]();
});

async function comeSignedIn(locale: string, email: string): Promise<PageVisitor> {
  const viewport = { width: 390, height: 800 };
  const visitor = await PageVisitor.come(browser, app, { locale, viewport, colorScheme: 'dark' });
  await visitor.open('/pages/sign-in');
  await visitor.page.locator('input[type=email]').fill(email);
  await visitor.page.locator('input[type=password]').fill(PASSWORD);
  await visitor.page.keyboard.press('Enter');
  await visitor.page.locator('section').first().waitFor();
  return visitor;
}

it(
  'asks, signs out by the keyboard, and goes back to the app, however often',
  async () => {
    const { email } = await signUp(app);
    const visitor = await comeSignedIn('en-US', email);
    const query = new URLSearchParams({
      client_id: shop.id,
      post_logout_redirect_uri: goodbye,
      state: 's',
    });
    await visitor.open(`/oauth/end-session?${query}`);
    await visitor.sees('Shop asks you to sign out');
    await visitor.reads(`You are signed in as ${email}.`);
    expect(await visitor.findings()).toEqual([]);
    await visitor.press('Sign out');
    await visitor.sees('Goodbye');
    expect(came).toEqual(['/goodbye?state=s']);
    const cookies = await visitor.context.cookies();
    expect(cookies.filter(({ name }) => /latchkey(-sso)?$/.test(name))).toEqual([]);

    await visitor.open(`/oauth/end-session?${query}`);
    await visitor.sees('Goodbye');
    expect(came).toHaveLength(2);
    await visitor.open('/oauth/end-session');
    await visitor.sees('Nobody is signed in here');
    expect(visitor.complaints).toEqual([]);
    expect(visitor.asked.filter((asked) => /pages\/sign-out.*state/.test(asked))).toEqual([]);
  },
  SLOW,
);

it(
  'a form of another site signs nobody out, and who says no stays signed in',
  async () => {
    const [{ email }, another] = [await signUp(app), await signUpAtBrowser(app)];
    const { idToken } = await signInAtApp(app.api, shop, another);
    const visitor = await comeSignedIn('de-DE', email);
    const action = `${app.origin.replace('127.0.0.1', 'localhost')}/oauth/end-session`;
    await visitor.context.route('http://evil.example/', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<h1>Evil</h1><form method="post" action="${action}"><input name="id_token_hint" value="${idToken}"></form>`,
      }),
    );
    await visitor.page.goto('http://evil.example/');
    await visitor.page.evaluate('document.forms[0].submit()');
    await visitor.sees('Shop bittet Sie, sich abzumelden');
    await visitor.reads('Shop meint ein anderes Konto als das, das hier angemeldet ist.');
    expect(await visitor.findings()).toEqual([]);
    await visitor.press('Angemeldet bleiben');
    await visitor.sees('Ihr Konto');

    await visitor.open(`/oauth/end-session?post_logout_redirect_uri=${goodbye}`);
    await visitor.sees('Diese Anfrage kann nicht ausgeführt werden');
    expect(await visitor.findings()).toEqual([]);
    await visitor.open('/pages/account');
    await eventually(() => visitor.sees('Ihr Konto'), { within: 8 });
    expect(visitor.complaints).toEqual([]);
  },
  SLOW,
);
