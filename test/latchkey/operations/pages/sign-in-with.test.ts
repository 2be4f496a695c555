import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PASSWORD, signUp, uniqueEmail } from '../../../builders/accounts.js';
import { settingsOf, uniqueSubject } from '../../../builders/external-sign-in.js';
import { startChromium } from '../../../support/chromium.js';
import { mailTo } from '../../../support/dev-mails.js';
import { OpenIdProvider } from '../../../support/openid-provider.js';
import { PageVisitor } from '../../../support/page-visitor.js';
import { type PasskeyApp, startPasskeyApp } from '../../../support/passkey-app.js';
import { screens } from '../../../support/screens.js';
import { onThisMachine } from '../../../support/time-limits.js';

let provider: OpenIdProvider;
let served: PasskeyApp;
let browser: Browser;
beforeAll(async () => {
  provider = await OpenIdProvider.start();
  const settings = { ...settingsOf(provider), EXTERNAL_ACME_NAME: 'Acme' };
  [browser, served] = await Promise.all([startChromium(), startPasskeyApp(settings)]);
});
afterAll(async () => {
  await browser?.close();
  await served?.[Symbol.asyncDispose]();
  await provider?.stop();
});

describe.each(screens(1))('signing in through others, by keyboard at %s', (_, options) => {
  let visitor: PageVisitor;
  beforeAll(async () => {
    visitor = await PageVisitor.come(browser, served, options);
  });
  afterAll(() => visitor?.context.close());
  beforeEach(() => {
    provider.faults = {};
    return () => visitor.startOver();
  });

  const comesAs = (email: string) => {
    provider.person = { sub: uniqueSubject(), email, email_verified: true, name: 'Ada' };
  };
  async function presses(): Promise<void> {
    await visitor.open('/pages/sign-in');
    await visitor.press('Continue with Acme');
  }
  async function look(step: string): Promise<void> {
    expect([step, await visitor.findings()]).toEqual([step, []]);
  }

  it(
    'makes an account, whose last way in stays, and says so when somebody has cancelled there',
    async () => {
      const email = uniqueEmail();
      comesAs(email);
      provider.faults = {
        answer: (parameters) => {
          parameters.delete('code');
          parameters.set('error', 'access_denied');
        },
      };
      await presses();
      await visitor.reads('You have cancelled it there. Please try again, or use another way.');
      await look('cancelled');
      provider.faults = {};
      await visitor.press('Continue with Acme');
      await visitor.sees('Your account');
      await visitor.reads('Accounts elsewhere');
      await visitor.press('Remove: Acme');
      await visitor.reads('Remove “Acme”?');
      await look('remove');
      await visitor.press('Remove');
      await visitor.reads(/^Without this/);
      expect(visitor.complaints).toEqual([]);
    },
    onThisMachine(60_000),
  );

  it(
    'has the owner of the address show it by the code of a mail, or by its link',
    async () => {
      for (const by of ['code', 'link'] as const) {
        const { email } = await signUp(served.app);
        comesAs(email);
        await presses();
        await visitor.sees('Is this your account?');
        await look('is it yours');
        const { code, links } = await mailTo(served.app, email, 'identity-proof');
        if (by === 'code') await visitor.fill('Code from the mail', code ?? '');
        else await visitor.open(links[0] ?? '');
        await visitor.press('Link and sign in');
        await visitor.sees('Your account');
        await visitor.reads('Remove');
        await visitor.press('Sign out');
        await visitor.sees('You are signed out');
      }
      expect(visitor.complaints).toEqual([]);
    },
    onThisMachine(60_000),
  );

  it(
    'links it after another sign-in, and adds one to an account that is signed in',
    async () => {
      const { email } = await signUp(served.app);
      comesAs(email);
      await presses();
      await visitor.sees('Is this your account?');
      await visitor.press('Sign in another way');
      await visitor.fill('E-mail address', email);
      await visitor.fill('Password', PASSWORD);
      await visitor.press('Sign in');
      await visitor.sees('Your account');
      await visitor.press('Remove: Acme');
      await visitor.press('Remove');
      await visitor.reads('“Acme” has been removed.');
      await visitor.press('Add Acme');
      await visitor.sees('Your account');
      await visitor.page.getByRole('button', { name: 'Remove: Acme' }).waitFor();
      expect(visitor.complaints).toEqual([]);
    },
    onThisMachine(60_000),
  );

  it(
    'says so when nothing has been linked: the address was of another account',
    async () => {
      const { email } = await signUp(served.app);
      const other = await signUp(served.app);
      comesAs(email);
      await presses();
      await visitor.sees('Is this your account?');
      await visitor.press('Sign in another way');
      await visitor.fill('E-mail address', other.email);
      await visitor.fill('Password', PASSWORD);
      await visitor.press('Sign in');
      await visitor.sees('You are signed in, but nothing has been linked');
      await look('nothing linked');
      await visitor.press('Go on');
      await visitor.sees('Your account');
      expect(visitor.complaints).toEqual([]);
    },
    onThisMachine(60_000),
  );

  it(
    'offers nobody a password who has none, and has the provider ask afresh',
    async () => {
      comesAs(uniqueEmail());
      await presses();
      await visitor.sees('Your account');
      const hourAgo = `jsonb_build_object('external',
        jsonb_build_object('at', extract(epoch FROM now())::bigint - 3600))`;
      await served.app.stores.query(`UPDATE sessions SET factors = ${hourAgo}`);
      await visitor.open('/pages/account');
      await visitor.press('Add Acme');
      await visitor.reads('Is it you?');
      const dialog = visitor.page.locator('dialog');
      expect(await dialog.locator('input:not([hidden])').count()).toBe(0);
      await look('fresh sign-in without a password');
      await visitor.press('Sign in again instead');
      await visitor.sees('Sign in');
      await visitor.press('Continue with Acme');
      await visitor.sees('Your account');
      const asked = visitor.asked.filter((address) =>
        address.startsWith(`GET ${provider.issuer}/authorize`),
      );
      expect(asked.at(-1)).toContain('max_age=600');
      expect(visitor.complaints).toEqual([]);
    },
    onThisMachine(60_000),
  );
});
