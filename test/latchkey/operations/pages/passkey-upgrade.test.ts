import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD, signUp } from '../../../builders/accounts.js';
import { signUpWithTotp, type WithTotp } from '../../../builders/totp-accounts.js';
import { startChromium } from '../../../support/chromium.js';
import { mailTo } from '../../../support/dev-mails.js';
import { eventually } from '../../../support/eventually.js';
import { PageVisitor } from '../../../support/page-visitor.js';
import {
  type PasskeyApp,
  startPasskeyApp,
  VirtualAuthenticator,
} from '../../../support/passkey-app.js';
import { onThisMachine } from '../../../support/time-limits.js';

let browser: Browser;
let served: PasskeyApp;
beforeAll(async () => {
  const env = { PASSKEY_UPGRADE: 'on' };
  [browser, served] = await Promise.all([startChromium(), startPasskeyApp(env)]);
});
afterAll(async () => {
  await browser?.close();
  await served?.[Symbol.asyncDispose]();
});

/** Up to where the browser is asked for a passkey. */
async function signIn(visitor: PageVisitor, user: WithTotp): Promise<void> {
  await visitor.open('/pages/sign-in');
  await visitor.fill('E-mail address', user.email);
  await visitor.fill('Password', PASSWORD);
  await visitor.press('Sign in');
  await visitor.fill('Code from the app', user.code());
  await visitor.press('Sign in');
}

/**
 * Chromium has its own keeper of passwords make what nobody was asked for, and virtual authenticators are no part of
 * it: the request is handed to them as one that somebody agrees to. That it was the other kind is written down.
 */
const BY_THE_VIRTUAL_AUTHENTICATOR = `if (globalThis.CredentialsContainer) {
  const create = CredentialsContainer.prototype.create;
  CredentialsContainer.prototype.create = function ({ mediation, ...options }) {
    sessionStorage.setItem('mediation', String(mediation));
    return create.call(this, options);
  };
}`;

it(
  'after a password and a code the browser makes a passkey unasked, which signs in from then on',
  async () => {
    const user = await signUpWithTotp(served.app);
    const visitor = await PageVisitor.come(browser, served);
    await visitor.page.addInitScript(BY_THE_VIRTUAL_AUTHENTICATOR);
    const device = await VirtualAuthenticator.plugIn(visitor.page);
    await signIn(visitor, user);
    await visitor.sees('Your account');
    expect(await visitor.page.evaluate(`sessionStorage.getItem('mediation')`)).toBe('conditional');
    expect(await device.credentials()).toHaveLength(1);
    await mailTo(served.app, user.email, 'passkey-added');
    await visitor.press('Sign out');
    await visitor.sees('You are signed out');
    // It is offered where the address is typed, and taken at once.
    await visitor.open('/pages/sign-in');
    await visitor.sees('Your account');
    expect(visitor.asked.filter((asked) => asked.endsWith('/auth/passkeys/sign-in'))).toHaveLength(
      1,
    );
    expect(visitor.complaints).toEqual([]);
    await visitor.context.close();
  },
  onThisMachine(60_000),
);

it(
  'a browser that makes none, and does not say so, keeps nobody from going on',
  async () => {
    const user = await signUpWithTotp(served.app);
    const visitor = await PageVisitor.come(browser, served);
    const device = await VirtualAuthenticator.plugIn(visitor.page);
    await signIn(visitor, user);
    await visitor.sees('Your account');
    expect(visitor.asked.some((asked) => asked.endsWith('/auth/passkeys/options'))).toBe(true);
    expect(await device.credentials()).toEqual([]);
    expect(visitor.complaints).toEqual([]);
    await visitor.context.close();
  },
  onThisMachine(60_000),
);

it(
  'an account without a factor gets none: nobody is there to show the mail that it takes',
  async () => {
    const user = await signUp(served.app);
    const visitor = await PageVisitor.come(browser, served);
    await visitor.page.addInitScript(BY_THE_VIRTUAL_AUTHENTICATOR);
    const device = await VirtualAuthenticator.plugIn(visitor.page);
    await visitor.open('/pages/sign-in');
    await visitor.fill('E-mail address', user.email);
    await visitor.fill('Password', PASSWORD);
    await visitor.press('Sign in');
    await visitor.sees('Your account');
    const { body } = await served.app.api.get('/auth/factors', { token: user.accessToken });
    expect(body.items).toEqual([]);
    // The browser forgets what was not added.
    await eventually(async () => expect(await device.credentials()).toEqual([]), { within: 5 });
    await visitor.context.close();
  },
  onThisMachine(60_000),
);
