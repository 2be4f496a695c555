import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as oauth from 'openid-client';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { PASSWORD, type SignedIn, signUp, signUpAdmin } from '../../../builders/accounts.js';
import { type App, registerApp } from '../../../builders/apps.js';
import { registerResource } from '../../../builders/resources.js';
import { startChromium } from '../../../support/chromium.js';
import { eventually } from '../../../support/eventually.js';
import { PageVisitor } from '../../../support/page-visitor.js';
import { ISSUER, startTestApp } from '../../../support/test-app.js';
import { onThisMachine } from '../../../support/time-limits.js';

const SLOW = onThisMachine(60_000);

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let browser: Browser;
/** The apps, which are programs on this machine: what comes back to them. */
let callbacks: Server;
const came: string[] = [];
let visitor: PageVisitor;
beforeAll(async () => {
  app = await startTestApp({ SINGLE_SIGN_ON: 'on' });
  admin = await signUpAdmin(app);
  browser = await startChromium();
  visitor = await PageVisitor.come(browser, app);
  callbacks = createServer((request, response) => {
    if (request.url?.startsWith('/callback')) came.push(request.url);
    response.setHeader('Content-Type', 'text/html');
    response.end('<h1>Back at the app</h1>');
  });
  await new Promise<void>((resolve) => callbacks.listen(0, '127.0.0.1', resolve));
}, SLOW);
afterEach(() => visitor.startOver());
afterAll(async () => {
  await browser.close();
  callbacks.close();
  await app[Symbol.asyncDispose]();
});

/** The issuer's name, as a resolver would have it, stands for the port of this test. */
const toApp = (url: string, init: object) => fetch(url.replace(ISSUER, app.origin), init);
const callback = () => `http://127.0.0.1:${(callbacks.address() as AddressInfo).port}/callback`;

async function configured({ id, secret }: App): Promise<oauth.Configuration> {
  const authentication = secret === undefined ? oauth.None() : oauth.ClientSecretBasic(secret);
  return oauth.discovery(new URL(ISSUER), id, undefined, authentication, {
    execute: [oauth.allowInsecureRequests],
    [oauth.customFetch]: toApp,
  });
}

/** Sends the browser there, and waits until the app has an answer, after `meanwhile` on the pages. */
async function signInAt(
  visitor: PageVisitor,
  config: oauth.Configuration,
  meanwhile: () => Promise<void>,
  parameters: Record<string, string> = {},
) {
  const pkceCodeVerifier = oauth.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [oauth.randomState(), oauth.randomNonce()];
  const address = oauth.buildAuthorizationUrl(config, {
    redirect_uri: callback(),
    scope: 'openid email offline_access',
    code_challenge: await oauth.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
    ...parameters,
  });
  const before = came.length;
  await visitor.page.goto(
    address.href.replace(ISSUER, app.origin.replace('127.0.0.1', 'localhost')),
  );
  await meanwhile();
  await eventually(async () => expect(came.length).toBeGreaterThan(before), { within: 10 });
  const answer = new URL(came.at(-1) ?? '', callback());
  const checks = { pkceCodeVerifier, expectedState, expectedNonce };
  return oauth.authorizationCodeGrant(config, answer, checks);
}

it(
  'signs in, is asked, calls, refreshes in parallel, goes on at another app unasked, and signs out everywhere',
  async () => {
    const { email, userId } = await signUp(app);
    const tool = { type: 'public', redirectUris: ['http://127.0.0.1/callback'] };
    const config = await configured(await registerApp(app.api, admin, tool));
    const granted = await signInAt(visitor, config, async () => {
      await visitor.sees('Sign in');
      await visitor.fill('E-mail address', email);
      await visitor.fill('Password', PASSWORD);
      await visitor.press('Sign in');
      await visitor.sees('Shop wants to sign you in');
      await visitor.reads(`You are signed in as ${email}.`);
      await visitor.reads(/program on this device/);
      expect(await visitor.findings()).toEqual([]);
      await visitor.press('Allow');
      await visitor.sees('Back at the app');
    });
    expect(granted.claims()).toMatchObject({ sub: userId, acr: 'aal1' });
    const about = await oauth.fetchUserInfo(config, granted.access_token, userId);
    expect(about).toEqual({ sub: userId, email, email_verified: false });
    const refreshed = await Promise.all(
      Array.from({ length: 20 }, () =>
        oauth.refreshTokenGrant(config, granted.refresh_token ?? ''),
      ),
    );
    expect(new Set(refreshed.map(({ refresh_token }) => refresh_token)).size).toBe(1);

    const own = { firstParty: true, redirectUris: ['http://127.0.0.1/callback'] };
    const other = await configured(await registerApp(app.api, admin, own));
    const atOther = await signInAt(visitor, other, () => visitor.sees('Back at the app'), {
      prompt: 'none',
    });
    expect(atOther.claims()?.sub).toBe(userId);

    await visitor.open('/pages/account');
    await visitor.sees('Your account');
    await visitor.reads('Apps with access');
    await visitor.reads('Shop');
    await visitor.press('Sign out');
    await visitor.sees('You are signed out');
    for (const { config: at, tokens } of [
      { config, tokens: refreshed[0] },
      { config: other, tokens: atOther },
    ]) {
      await expect(oauth.refreshTokenGrant(at, tokens?.refresh_token ?? '')).rejects.toMatchObject({
        error: 'invalid_grant',
      });
    }
    await expect(
      signInAt(visitor, other, () => visitor.sees('Back at the app'), { prompt: 'none' }),
    ).rejects.toMatchObject({ error: 'login_required' });
    expect(visitor.complaints).toEqual([]);
    // What an app asks is in no address that a server sees, but for its own request.
    expect(visitor.asked.filter((asked) => /pages\/authorize.*(state|nonce)/.test(asked))).toEqual(
      [],
    );
  },
  SLOW,
);

it(
  'says no, shows who one is again, and takes access away',
  async () => {
    const { email } = await signUp(app);
    const shop = await registerApp(app.api, admin, { redirectUris: [callback()] });
    const config = await configured(shop);
    const german = await PageVisitor.come(browser, app, { locale: 'de-DE' });
    await german.open('/pages/sign-in');
    await german.fill('E-Mail-Adresse', email);
    await german.fill('Passwort', PASSWORD);
    await german.press('Anmelden');
    await german.sees('Ihr Konto');
    await expect(
      signInAt(german, config, async () => {
        await german.sees('Shop möchte Sie anmelden');
        expect(await german.findings()).toEqual([]);
        await german.press('Abbrechen');
        await german.sees('Back at the app');
      }),
    ).rejects.toMatchObject({ error: 'access_denied' });

    const granted = await signInAt(
      german,
      config,
      async () => {
        await german.reads('Sind Sie es?');
        await german.page.locator('dialog input[type=password]').fill(PASSWORD);
        await german.page.locator('dialog button[type=submit]').click();
        await german.sees('Shop möchte Sie anmelden');
        await german.press('Erlauben');
        await german.sees('Back at the app');
      },
      { prompt: 'login' },
    );
    await german.open('/pages/account');
    await german.press('Zugriff entfernen: Shop');
    await german.reads('Die App hat keinen Zugriff mehr.');
    await expect(
      oauth.refreshTokenGrant(config, granted.refresh_token ?? ''),
    ).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(german.complaints).toEqual([]);
    await german.context.close();
  },
  SLOW,
);

it(
  'begins at the address and in the language that the app says, and goes on after a reload',
  async () => {
    const { email } = await signUp(app);
    const shop = await registerApp(app.api, admin, { redirectUris: [callback()] });
    const config = await configured(shop);
    const hints = { login_hint: email, ui_locales: 'fr de' };
    await signInAt(
      visitor,
      config,
      async () => {
        await visitor.sees('Anmelden');
        expect(await visitor.page.locator('input[type=email]').inputValue()).toBe(email);
        await visitor.fill('Passwort', PASSWORD);
        await visitor.press('Anmelden');
        await visitor.sees('Shop möchte Sie anmelden');
        await visitor.page.reload();
        await visitor.sees('Shop möchte Sie anmelden');
        await visitor.press('Erlauben');
        await visitor.sees('Back at the app');
      },
      hints,
    );
    expect(visitor.complaints).toEqual([]);
    const seen = visitor.asked.filter((asked) => asked.includes(encodeURIComponent(email)));
    expect(seen.every((asked) => /GET .*\/oauth\/authorize/.test(asked))).toBe(true);
  },
  SLOW,
);

it(
  'names the service that an app wants tokens for, and what it may do there',
  async () => {
    const { email } = await signUp(app);
    const { identifier } = await registerResource(app.api, admin, 'orders');
    const shop = await registerApp(app.api, admin, {
      redirectUris: [callback()],
      scopes: ['openid', 'orders:read', 'orders:write'],
    });
    await signInAt(
      visitor,
      await configured(shop),
      async () => {
        await visitor.sees('Sign in');
        await visitor.fill('E-mail address', email);
        await visitor.fill('Password', PASSWORD);
        await visitor.press('Sign in');
        await visitor.sees('Shop wants to sign you in');
        await visitor.reads(`If you allow it, Shop may at orders (${identifier}):`);
        await visitor.reads('See your orders');
        expect(await visitor.page.getByText('Change your orders').count()).toBe(0);
        expect(await visitor.findings()).toEqual([]);
        await visitor.press('Allow');
        await visitor.sees('Back at the app');
      },
      { scope: 'openid orders:read' },
    );
  },
  SLOW,
);
