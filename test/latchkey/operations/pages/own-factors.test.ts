import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PASSWORD, signUp } from '../../../builders/accounts.js';
import { codeOf, forgetStep } from '../../../builders/totp-accounts.js';
import { startChromium } from '../../../support/chromium.js';
import { mailTo } from '../../../support/dev-mails.js';
import { PageVisitor } from '../../../support/page-visitor.js';
import { screens } from '../../../support/screens.js';
import { startTestApp } from '../../../support/test-app.js';
import { sampled } from '../../../support/test-depth.js';
import { onThisMachine } from '../../../support/time-limits.js';

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
  let email: string;
  let userId: string;
  beforeAll(async () => {
    visitor = await PageVisitor.come(browser, app, options);
  });
  afterAll(() => visitor?.context.close());
  beforeEach(async () => {
    ({ email, userId } = await signUp(app));
    return () => visitor.startOver();
  });

  /** By day and by night: quick looks in turn. */
  async function look(step: string): Promise<void> {
    looks += 1;
    for (const colorScheme of sampled(['light', 'dark'] as const, { oneIn: 2, turn: looks })) {
      await visitor.page.emulateMedia({ colorScheme });
      expect([step, colorScheme, await visitor.findings()]).toEqual([step, colorScheme, []]);
      const folder = process.env.PAGES_SCREENSHOTS;
      const path = `${folder}/${step} ${name} ${colorScheme}.png`;
      if (folder !== undefined) await visitor.page.screenshot({ path, fullPage: true });
    }
  }

  async function signInByPassword(): Promise<void> {
    await visitor.open('/pages/sign-in');
    await visitor.fill('E-mail address', email);
    await visitor.fill('Password', PASSWORD);
    await visitor.press('Sign in');
  }

  const text = (selector: string) => visitor.page.locator(selector).allInnerTexts();

  it(
    'adds an authenticator app, keeps the recovery codes in three ways, and signs in by both',
    async () => {
      await visitor.context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await visitor.page.addInitScript('window.print = () => { window.printed = true; }');
      await signInByPassword();
      await visitor.sees('Your account');
      await visitor.press('Add an authenticator app');
      await visitor.reads('Scan this picture with your authenticator app.');
      await look('new app');
      const [secret = ''] = await text('code.secret');
      const seed = secret.replaceAll(' ', '');
      expect(seed).toMatch(/^[A-Z2-7]{32}$/);
      const mailed = await mailTo(app, email, 'factor-enrolment');
      await visitor.fill('Code from the app', '000000');
      await visitor.fill('Code from the mail', mailed.code ?? '');
      await visitor.press('Add the app');
      await visitor.reads(/^This code is wrong, or too old/);
      await visitor.fill('Code from the app', codeOf(seed));
      await visitor.fill('Code from the mail', 'AAAA-AAAA');
      await visitor.press('Add the app');
      await visitor.reads(/^This link or code is wrong/);
      await visitor.fill('Code from the app', codeOf(seed));
      await visitor.fill('Code from the mail', mailed.code ?? '');
      await visitor.press('Add the app');
      await visitor.reads('Your recovery codes');
      await look('recovery codes');

      const codes = await text('.codes li');
      expect(codes).toHaveLength(10);
      await visitor.press('Copy');
      await visitor.reads('Copied.');
      expect(await visitor.page.evaluate('navigator.clipboard.readText()')).toBe(codes.join('\n'));
      const downloaded = visitor.page.waitForEvent('download');
      await visitor.press('Download');
      const file = await readFile(await (await downloaded).path(), 'utf8');
      expect(file).toContain(email);
      for (const code of codes) expect(file).toContain(code);
      await visitor.press('Print');
      expect(await visitor.page.evaluate('window.printed')).toBe(true);
      await visitor.page.emulateMedia({ media: 'print' });
      const onPaper = await visitor.page.locator('body').innerText();
      expect(onPaper).toContain(codes[9]);
      expect(onPaper).not.toContain('Where you are signed in');
      await visitor.page.emulateMedia({ media: 'screen' });
      await visitor.press('I have kept them');
      await visitor.reads('You have 10 recovery codes left. New ones take their place.');
      await look('account with an app');
      // Nothing of what is secret has been asked of any server but this one.
      const foreign = visitor.asked.filter(
        (asked) => !/ (http:\/\/localhost|blob:|about:)/.test(asked),
      );
      expect(foreign).toEqual([]);

      await visitor.press(/^Rename: Authenticator app/);
      await visitor.reads('Another name');
      await look('rename');
      await visitor.fill('Name', 'My phone');
      await visitor.press('Save');
      await visitor.reads('My phone');
      await visitor.press('Sign out');
      await visitor.sees('You are signed out');

      await forgetStep(app.stores, userId);
      await signInByPassword();
      await visitor.sees('One more step');
      await look('second step');
      await visitor.fill('Code from the app', codeOf(seed));
      await visitor.press('Sign in');
      await visitor.sees('Your account');
      await visitor.press('Remove: My phone');
      await visitor.reads('Remove “My phone”?');
      await look('remove');
      await visitor.press('Remove');
      await visitor.reads('“My phone” has been removed.');
      expect(await text('.sessions .device')).not.toContain('My phone');
      expect(visitor.complaints).toEqual([]);
    },
    onThisMachine(90_000),
  );

  it(
    'shows a factor again where the sign-in was too long ago, by whichever it has, and the call is repeated',
    async () => {
      await signInByPassword();
      await visitor.sees('Your account');
      await app.stores.query(
        `UPDATE sessions SET factors = (SELECT jsonb_object_agg(name, shown || jsonb_build_object(
           'at', (shown ->> 'at')::bigint - 3600)) FROM jsonb_each(factors) AS each (name, shown))
         WHERE user_id = $1`,
        [userId],
      );
      await visitor.open('/pages/account');
      await visitor.press('Add an authenticator app');
      await visitor.reads('Is it you?');
      await look('step up');
      await visitor.fill('Password', PASSWORD);
      await visitor.press('Go on');
      await visitor.reads('Scan this picture with your authenticator app.');
      await visitor.press('Cancel');
      expect(visitor.complaints).toEqual([]);
    },
    onThisMachine(60_000),
  );
});
