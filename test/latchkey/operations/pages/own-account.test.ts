import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PASSWORD, signIn, signUp, uniqueEmail } from '../../../builders/accounts.js';
import { startChromium } from '../../../support/chromium.js';
import { mailTo } from '../../../support/dev-mails.js';
import { PageVisitor } from '../../../support/page-visitor.js';
import { screens } from '../../../support/screens.js';
import { startTestApp } from '../../../support/test-app.js';
import { onThisMachine } from '../../../support/time-limits.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let browser: Browser;
beforeAll(async () => {
  [browser, app] = await Promise.all([
    startChromium(),
    startTestApp({ EMAIL_SIGN_IN: 'on', FRESH_SIGN_IN_SECONDS: '60' }),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

describe.each(screens(1))('by keyboard alone at %s', (name, options) => {
  let visitor: PageVisitor;
  let email: string;
  beforeAll(async () => {
    visitor = await PageVisitor.come(browser, app, options);
  });
  afterAll(() => visitor?.context.close());
  beforeEach(async () => {
    email = (await signUp(app)).email;
    return () => visitor.startOver();
  });

  async function look(step: string): Promise<void> {
    expect([step, await visitor.findings()]).toEqual([step, []]);
    const folder = process.env.PAGES_SCREENSHOTS;
    const path = `${folder}/${step} ${name}.png`;
    if (folder !== undefined) await visitor.page.screenshot({ path, fullPage: true });
  }

  async function signInByPassword(): Promise<void> {
    await visitor.open('/pages/sign-in');
    await visitor.fill('E-mail address', email);
    await visitor.fill('Password', PASSWORD);
    await visitor.press('Sign in');
    await visitor.sees('Your account');
  }

  it(
    'changes the address by a code, and the former mailbox takes it back by a link',
    async () => {
      const newEmail = uniqueEmail();
      // What has not been proved may be a stranger's, and cannot be taken back.
      await app.stores.query('UPDATE users SET email_verified = true WHERE email = $1', [email]);
      await signInByPassword();
      await visitor.fill('New e-mail address', newEmail);
      await visitor.press('Change the address');
      await visitor.reads(/^We have written to/);
      const { code } = await mailTo(app, newEmail, 'email-change');
      await visitor.fill('Code from the mail', code ?? '');
      await look('address code');
      await visitor.press('Confirm address');
      await visitor.sees('Your address has been changed');
      await signIn(app.api, newEmail);

      const { links } = await mailTo(app, email, 'email-changed');
      await visitor.open(links[0] ?? '');
      await visitor.sees('Take back your address');
      await look('undo');
      await visitor.press('Take back my address');
      await visitor.sees('Your address is back');
      const recovery = await mailTo(app, email, 'recovery');
      await visitor.open(recovery.links[0] ?? '');
      await visitor.sees('Choose a new password');
      expect(visitor.complaints).toEqual([]);
    },
    onThisMachine(60_000),
  );

  it(
    'confirms another address by the link of its mail',
    async () => {
      const newEmail = uniqueEmail();
      const { accessToken: token } = await signIn(app.api, email);
      await app.api.post('/auth/email-change/request', { newEmail }, { token });
      const { links } = await mailTo(app, newEmail, 'email-change');
      await visitor.open(links[0] ?? '');
      await visitor.press('Confirm address');
      await visitor.sees('Your address has been changed');
      await signIn(app.api, newEmail);
    },
    onThisMachine(40_000),
  );

  it(
    'signs in by the link of a mail, takes the data along and deletes the account',
    async () => {
      await visitor.open('/pages/sign-in');
      await visitor.press('Sign in by mail instead');
      await visitor.sees('Sign in by mail');
      await visitor.fill('E-mail address', email);
      await visitor.press('Send the mail');
      await visitor.sees('Look into your mailbox');
      await look('mail sign-in');
      const { links } = await mailTo(app, email, 'email-sign-in');
      await visitor.open(links[0] ?? '');
      await visitor.press('Sign in');
      await visitor.sees('Your account');

      const downloaded = visitor.page.waitForEvent('download');
      await visitor.press('Download my data');
      const path = await (await downloaded).path();
      expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ account: { email } });
      await visitor.press('Delete the account');
      await visitor.press('Delete for good');
      await visitor.sees('Your account is deleted');
      await look('left');
      const answer = await app.api.post('/auth/login', { email, password: PASSWORD });
      expect(answer.status).toBe(401);
      expect(visitor.complaints).toEqual([]);
    },
    onThisMachine(60_000),
  );
});

it(
  'asks for the password where the sign-in was too long ago, and then does what was asked',
  async () => {
    const visitor = await PageVisitor.come(browser, app);
    const { email, userId } = await signUp(app);
    await visitor.open('/pages/sign-in');
    await visitor.fill('E-mail address', email);
    await visitor.fill('Password', PASSWORD);
    await visitor.press('Sign in');
    await visitor.sees('Your account');
    // As if it had been an hour ago.
    await app.stores.query(
      `UPDATE sessions SET factors = (SELECT jsonb_object_agg(name, shown || jsonb_build_object(
         'at', (shown ->> 'at')::bigint - 3600)) FROM jsonb_each(factors) AS each (name, shown))
       WHERE user_id = $1`,
      [userId],
    );
    await visitor.open('/pages/account');
    const newEmail = uniqueEmail();
    await visitor.fill('New e-mail address', newEmail);
    await visitor.press('Change the address');
    await visitor.reads('Is it you?');
    expect(await visitor.findings()).toEqual([]);
    await visitor.fill('Password', PASSWORD);
    await visitor.press('Go on');
    await visitor.reads(/^We have written to/);
    await mailTo(app, newEmail, 'email-change');
    expect(visitor.complaints).toEqual([]);
    await visitor.context.close();
  },
  onThisMachine(40_000),
);
