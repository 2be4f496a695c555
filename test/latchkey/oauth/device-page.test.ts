/** The page at which people sign in their devices, by keyboard, on a phone, in both languages. */
import * as oauth from 'openid-client';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD, type SignedIn, signUp, signUpAdmin } from '../../builders/accounts.js';
import { registerApp } from '../../builders/apps.js';
import { startChromium } from '../../support/chromium.js';
import { PageVisitor } from '../../support/page-visitor.js';
import { ISSUER, startTestApp } from '../../support/test-app.js';
import { onThisMachine } from '../../support/time-limits.js';

const SLOW = onThisMachine(60_000);
const PHONE = { viewport: { width: 390, height: 800 } };

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let browser: Browser;
let config: oauth.Configuration;
beforeAll(async () => {
  app = await startTestApp({ SINGLE_SIGN_ON: 'on' });
  admin = await signUpAdmin(app);
  browser = await startChromium();
  const tv = { name: 'TV', type: 'public', redirectUris: [], deviceFlow: true };
  const { id } = await registerApp(app.api, admin, tv);
  config = await oauth.discovery(new URL(ISSUER), id, undefined, oauth.None(), {
    execute: [oauth.allowInsecureRequests],
    [oauth.customFetch]: (url: string, init: object) =>
      fetch(url.replace(ISSUER, app.origin), init),
  });
}, SLOW);
afterAll(async () => {
  await browser?.close();
  await app[Symbol.asyncDispose]();
});

const begin = () => oauth.initiateDeviceAuthorization(config, { scope: 'openid offline_access' });

it(
  'types the code, sees who asks and a warning, allows it; the device has its tokens',
  async () => {
    const { email, userId } = await signUp(app);
    const device = await begin();
    const visitor = await PageVisitor.come(browser, app, { ...PHONE, colorScheme: 'dark' });
    await visitor.open(device.verification_uri);
    await visitor.sees('Sign in');
    await visitor.fill('E-mail address', email);
    await visitor.fill('Password', PASSWORD);
    await visitor.press('Sign in');
    await visitor.sees('Sign in a device');
    expect(await visitor.findings()).toEqual([]);
    await visitor.fill('Code of the device', 'BBBB-BBBB');
    await visitor.press('Go on');
    await visitor.reads(/This code is wrong, too old/);
    await visitor.fill('Code of the device', device.user_code.toLowerCase());
    await visitor.press('Go on');
    await visitor.sees('Sign in TV on a device');
    await visitor.reads(`You are signed in as ${email}.`);
    await visitor.reads(device.user_code);
    await visitor.reads(/wants to get into your account/);
    expect(await visitor.findings()).toEqual([]);
    await visitor.press('Allow');
    await visitor.sees('The device is signed in');
    expect(await visitor.findings()).toEqual([]);
    const tokens = await oauth.pollDeviceAuthorizationGrant(config, { ...device, interval: 1 });
    expect(tokens.claims()?.sub).toBe(userId);
    expect(visitor.complaints).toEqual([]);
    await visitor.context.close();
  },
  SLOW,
);

it(
  'comes by the QR code, signs in on the way, and refuses, in German',
  async () => {
    const { email } = await signUp(app);
    const device = await begin();
    const visitor = await PageVisitor.come(browser, app, { ...PHONE, locale: 'de-DE' });
    await visitor.open(device.verification_uri_complete ?? '');
    await visitor.sees('Anmelden');
    await visitor.fill('E-Mail-Adresse', email);
    await visitor.fill('Passwort', PASSWORD);
    await visitor.press('Anmelden');
    await visitor.sees('TV auf einem Gerät anmelden');
    await visitor.reads(device.user_code);
    expect(await visitor.findings()).toEqual([]);
    await visitor.press('Abbrechen');
    await visitor.sees('Das Gerät ist nicht angemeldet');
    await expect(
      oauth.pollDeviceAuthorizationGrant(config, { ...device, interval: 1 }),
    ).rejects.toMatchObject({ error: 'access_denied' });
    // The code is in no address that a server sees.
    expect(visitor.asked.filter((asked) => asked.includes(device.user_code))).toEqual([]);
    expect(visitor.complaints).toEqual([]);
    await visitor.context.close();
  },
  SLOW,
);
