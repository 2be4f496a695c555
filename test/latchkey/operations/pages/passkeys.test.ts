import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PASSWORD, type SignedIn, signUp } from '../../../builders/accounts.js';
import { startChromium } from '../../../support/chromium.js';
import { mailTo } from '../../../support/dev-mails.js';
import { eventually } from '../../../support/eventually.js';
import { PageVisitor } from '../../../support/page-visitor.js';
import {
  type PasskeyApp,
  startPasskeyApp,
  VirtualAuthenticator,
} from '../../../support/passkey-app.js';
import { screens } from '../../../support/screens.js';
import { onThisMachine } from '../../../support/time-limits.js';

const SOON = { within: 10 };

let passkeyApp: PasskeyApp;
let browser: Browser;
beforeAll(async () => {
  [browser, passkeyApp] = await Promise.all([startChromium(), startPasskeyApp()]);
});
afterAll(async () => {
  await browser?.close();
  await passkeyApp?.[Symbol.asyncDispose]();
});

describe.each(screens(1))('the owner of a passkey, by keyboard at %s', (name, options) => {
  let visitor: PageVisitor;
  let device: VirtualAuthenticator;
  let user: SignedIn;
  beforeAll(async () => {
    visitor = await PageVisitor.come(browser, passkeyApp, options);
  });
  afterAll(() => visitor?.context.close());
  beforeEach(async () => {
    device = await VirtualAuthenticator.plugIn(visitor.page);
    user = await signUp(passkeyApp.app);
    return async () => {
      await device.unplug();
      await visitor.startOver();
    };
  });

  async function look(step: string): Promise<void> {
    expect([step, await visitor.findings()]).toEqual([step, []]);
    const folder = process.env.PAGES_SCREENSHOTS;
    const path = `${folder}/${step} ${name}.png`;
    if (folder !== undefined) await visitor.page.screenshot({ path, fullPage: true });
  }

  async function signInByPassword(): Promise<void> {
    await visitor.open('/pages/sign-in');
    await visitor.fill('E-mail address', user.email);
    await visitor.fill('Password', PASSWORD);
    await visitor.press('Sign in');
  }

  /** Adds one on the account's page, which is open. */
  async function addPasskey(named: string): Promise<void> {
    await visitor.fill('Name of the passkey', named);
    await visitor.press('Add a passkey');
    await visitor.reads(/Enter the code of that mail/);
    const { code } = await mailTo(passkeyApp.app, user.email, 'factor-enrolment');
    await visitor.fill('Code from the mail', code ?? '');
    await visitor.press('Go on');
    await visitor.reads('The passkey has been added.');
  }

  async function signOut(): Promise<void> {
    await visitor.press('Sign out');
    await visitor.sees('You are signed out');
  }

  it(
    'adds it, and is signed in by what the browser offers for the address',
    async () => {
      await device.agree(false);
      await signInByPassword();
      await visitor.sees('Your account');
      await device.agree();
      await addPasskey('My laptop');
      await visitor.reads('My laptop');
      await look('account with a passkey');
      await signOut();
      await visitor.open('/pages/sign-in');
      await visitor.sees('Your account');
      const fields = visitor.asked.filter((asked) => asked.endsWith('/auth/passkeys/sign-in'));
      expect(fields).toHaveLength(1);
      expect(visitor.complaints).toEqual([]);
    },
    onThisMachine(60_000),
  );

  it(
    'has no password, and steps up by it: what was asked is done then',
    async () => {
      await signInByPassword();
      await visitor.sees('Your account');
      await addPasskey('My key');
      const { stores } = passkeyApp.app;
      await stores.query('UPDATE users SET password_hash = NULL WHERE id = $1', [user.userId]);
      await stores.query(
        `UPDATE sessions SET factors = (SELECT jsonb_object_agg(name, shown || jsonb_build_object(
           'at', (shown ->> 'at')::bigint - 3600)) FROM jsonb_each(factors) AS each (name, shown))
         WHERE user_id = $1`,
        [user.userId],
      );
      await visitor.open('/pages/account');
      await visitor.press('Make new recovery codes');
      await visitor.reads('Is it you?');
      await look('step up by passkey');
      await visitor.press('Use a passkey');
      await visitor.reads('Your recovery codes');
      await visitor.press('I have kept them');
      await visitor.press('Remove: My key');
      await visitor.press('Remove');
      await visitor.reads(/^Without this you could not sign in any more/);
      expect(visitor.complaints).toEqual([]);
    },
    onThisMachine(60_000),
  );

  // The last one: from here on this browser offers nothing where the address is typed.
  it(
    'shows it after the password, signs in by a button, and sees it vanish once it is removed',
    async () => {
      await signInByPassword();
      await visitor.sees('Your account');
      await addPasskey('My laptop');
      await signOut();
      await visitor.page.addInitScript(
        `if ('PublicKeyCredential' in globalThis)
           PublicKeyCredential.isConditionalMediationAvailable = async () => false`,
      );
      await visitor.open('/pages/sign-in');
      await look('sign-in with passkeys');
      await signInByPassword();
      await visitor.sees('One more step');
      await look('second step by passkey');
      await visitor.press('Use a passkey');
      await visitor.sees('Your account');
      await signOut();
      await visitor.open('/pages/sign-in');
      await visitor.press('Sign in with a passkey');
      await visitor.sees('Your account');

      expect(await device.credentials()).toHaveLength(1);
      await visitor.press('Remove: My laptop');
      await visitor.press('Remove');
      await visitor.reads('“My laptop” has been removed.');
      await eventually(async () => expect(await device.credentials()).toHaveLength(0), SOON);
      expect(visitor.complaints).toEqual([]);
    },
    onThisMachine(60_000),
  );
});

it(
  'where the page’s origin is none of those that are set, nobody is offered a passkey',
  async () => {
    const visitor = await PageVisitor.come(browser, passkeyApp.app);
    await visitor.open('/pages/sign-in');
    const offer = visitor.page.getByRole('button', { name: 'Sign in with a passkey' });
    expect(await offer.count()).toBe(0);
    expect(visitor.asked.filter((asked) => asked.includes('passkeys'))).toEqual([]);
    await visitor.context.close();
  },
  onThisMachine(40_000),
);
