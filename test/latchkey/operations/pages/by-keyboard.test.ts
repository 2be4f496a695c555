import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, signIn, signUp, uniqueEmail } from '../../../builders/accounts.js';
import { startChromium } from '../../../support/chromium.js';
import { mailTo } from '../../../support/dev-mails.js';
import { PageVisitor } from '../../../support/page-visitor.js';
import { screens } from '../../../support/screens.js';
import { startTestApp } from '../../../support/test-app.js';
import { sampled } from '../../../support/test-depth.js';
import { onThisMachine } from '../../../support/time-limits.js';

const NEW_PASSWORD = 'a crooked mile on a rainy day';

let app: Awaited<ReturnType<typeof startTestApp>>;
let browser: Browser;
beforeAll(async () => {
  [browser, app] = await Promise.all([startChromium(), startTestApp()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

describe.each(screens(0))('by keyboard alone at %s', (name, options) => {
  let visitor: PageVisitor;
  let looks = 0;
  beforeAll(async () => {
    visitor = await PageVisitor.come(browser, app, options);
  });
  afterAll(async () => {
    await visitor?.context.close();
  });

  /** Looks at the page as it is, by day and by night: quick does so in turn. */
  async function look(step: string): Promise<void> {
    looks += 1;
    for (const colorScheme of sampled(['light', 'dark'] as const, { oneIn: 2, turn: looks })) {
      await visitor.page.emulateMedia({ colorScheme });
      expect([step, colorScheme, await visitor.findings()]).toEqual([step, colorScheme, []]);
      // To be looked at by people.
      const folder = process.env.PAGES_SCREENSHOTS;
      const path = `${folder}/${step} ${name} ${colorScheme}.png`;
      if (folder !== undefined) await visitor.page.screenshot({ path, fullPage: true });
    }
  }

  it(
    'registers, changes the password, ends another session and signs out',
    async () => {
      const email = uniqueEmail();
      await visitor.open('/pages/sign-in');
      await look('sign-in');
      await visitor.press('Create an account');
      await visitor.sees('Create an account');
      await visitor.fill('E-mail address', 'ada');
      await visitor.fill('Password', 'short');
      await visitor.press('Create account');
      await visitor.reads('This does not look like an e-mail address.');
      await visitor.fill('E-mail address', email);
      await visitor.press('Create account');
      await visitor.reads(/^Use at least 15 characters/);
      await look('register');
      await visitor.fill('Password', PASSWORD);
      await visitor.press('Create account');
      await visitor.sees('Your account');

      await visitor.fill(/^Name/, 'Ada Lovelace');
      await visitor.press('Save');
      await visitor.reads('Saved.');
      const { accessToken: elsewhere } = await signIn(app.api, email);
      await visitor.open('/pages/account');
      await visitor.press(/^Sign out: node/);
      await visitor.reads('That device is signed out.');
      expect((await app.api.get('/auth/me', { token: elsewhere })).status).toBe(401);
      await visitor.fill('Current password', 'not the password');
      await visitor.fill('New password', NEW_PASSWORD);
      await visitor.press('Change password');
      await visitor.reads('This is not your current password.');
      await look('account');
      await visitor.fill('Current password', PASSWORD);
      await visitor.press('Change password');
      await visitor.reads(/^Your password has been changed/);
      await visitor.press('Sign out');
      await visitor.sees('You are signed out');
      await look('signed out');
      await signIn(app.api, email, NEW_PASSWORD);
      expect(visitor.complaints).toEqual([]);
    },
    onThisMachine(60_000),
  );

  it(
    'sets a new password by the code of a mail, and by its link',
    async () => {
      const { email } = await signUp(app);
      await visitor.open('/pages/recover');
      await visitor.fill('E-mail address', email);
      await visitor.press('Send the mail');
      await visitor.sees('Look into your mailbox');
      const mail = await mailTo(app, email, 'recovery');
      await visitor.fill('Code from the mail', 'AAAA-AAAA');
      await visitor.fill('New password', NEW_PASSWORD);
      await visitor.press('Set new password');
      await visitor.reads(/^This link or code is wrong/);
      await look('recover by code');
      await visitor.fill('Code from the mail', mail.code ?? '');
      await visitor.press('Set new password');
      await visitor.sees('Your password is set');
      await look('recovered');
      await signIn(app.api, email, NEW_PASSWORD);

      const { email: another } = await signUp(app);
      await app.api.post('/auth/recovery/request', { email: another });
      const { links } = await mailTo(app, another, 'recovery');
      await visitor.open(links[0] ?? '');
      await visitor.sees('Choose a new password');
      expect(visitor.page.url()).toMatch(/\/pages\/recover$/);
      await look('recover by link');
      await visitor.fill('New password', NEW_PASSWORD);
      await visitor.press('Set new password');
      await visitor.sees('Your password is set');
      await signIn(app.api, another, NEW_PASSWORD);
      expect(visitor.complaints).toEqual([]);
    },
    onThisMachine(60_000),
  );
});
