import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD } from '../../../builders/accounts.js';
import { showFactors } from '../../../builders/shown-factors.js';
import { forgetStep, signUpWithTotp } from '../../../builders/totp-accounts.js';
import { startChromium } from '../../../support/chromium.js';
import { PageVisitor } from '../../../support/page-visitor.js';
import { screens } from '../../../support/screens.js';
import { startTestApp } from '../../../support/test-app.js';
import { onThisMachine } from '../../../support/time-limits.js';

const NEXT = 'a crooked mile on a rainy day';

let app: Awaited<ReturnType<typeof startTestApp>>;
let browser: Browser;
beforeAll(async () => {
  [browser, app] = await Promise.all([startChromium(), startTestApp()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

async function showsPassword(
  visitor: PageVisitor,
  email: string,
  password = PASSWORD,
): Promise<void> {
  await visitor.open('/pages/sign-in');
  await visitor.fill('E-mail address', email);
  await visitor.fill('Password', password);
  await visitor.press('Sign in');
  await visitor.sees('One more step');
}

describe.each(screens(0))(
  'the owner of an account with a second factor, by keyboard at %s',
  (_, options) => {
    it(
      'signs in by a code of the app after a wrong one, or by a recovery code, and steps up by the app',
      async () => {
        const user = await signUpWithTotp(app);
        const visitor = await PageVisitor.come(browser, app, options);
        await showsPassword(visitor, user.email);
        expect(await visitor.findings()).toEqual([]);
        const wrong = user.code().startsWith('9') ? '000000' : '999999';
        await visitor.fill('Code from the app', wrong);
        await visitor.press('Sign in');
        await visitor.reads('This code is wrong, or has been used.');
        await visitor.fill('Code from the app', user.code());
        await visitor.press('Sign in');
        await visitor.sees('Your account');

        // An hour later: a password alone would make this session no fresher.
        const [session] = await app.stores.query<{ id: string }>(
          'SELECT id FROM sessions WHERE user_id = $1 ORDER BY created_at DESC LIMIT 1',
          [user.userId],
        );
        await showFactors(app.stores, session?.id ?? '', { password: 3_600, totp: 3_600 });
        await forgetStep(app.stores, user.userId);
        await visitor.open('/pages/account');
        await visitor.fill('Current password', PASSWORD);
        await visitor.fill('New password', NEXT);
        await visitor.press('Change password');
        await visitor.fill('Code from the app', user.code());
        await visitor.press('Go on');
        await visitor.reads(/^Your password has been changed/);
        await visitor.press('Sign out');
        await visitor.sees('You are signed out');

        await showsPassword(visitor, user.email, NEXT);
        await visitor.press('Use a recovery code instead');
        await visitor.fill('Recovery code', user.recoveryCodes[0] ?? '');
        await visitor.press('Sign in');
        await visitor.sees('Your account');
        expect(visitor.complaints).toEqual([]);
        await visitor.context.close();
      },
      onThisMachine(60_000),
    );
  },
);
