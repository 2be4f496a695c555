import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  PASSWORD,
  type SignedIn,
  signIn,
  signUp,
  signUpAdmin,
  uniqueEmail,
} from '../../../builders/accounts.js';
import { startChromium } from '../../../support/chromium.js';
import { mailTo, tokenIn } from '../../../support/dev-mails.js';
import { PageVisitor } from '../../../support/page-visitor.js';
import { startTestApp } from '../../../support/test-app.js';
import { onThisMachine } from '../../../support/time-limits.js';

const NEW_PASSWORD = 'a crooked mile on a rainy day';

let app: Awaited<ReturnType<typeof startTestApp>>;
let browser: Browser;
let visitor: PageVisitor;
let admin: SignedIn;
beforeAll(async () => {
  [browser, app] = await Promise.all([
    startChromium(),
    startTestApp({ EMAIL_VERIFICATION: 'optional' }),
  ]);
  visitor = await PageVisitor.come(browser, app, { viewport: { width: 390, height: 844 } });
  admin = await signUpAdmin(app);
});
afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

const isVerified = async (email: string): Promise<boolean> => {
  const { accessToken } = await signIn(app.api, email);
  const { body } = await app.api.get('/users/me', { token: accessToken });
  return body.emailVerified;
};

async function invite(): Promise<string> {
  const email = uniqueEmail();
  const answer = await app.api.post('/admin/users', { email }, { token: admin.accessToken });
  expect(answer.status).toBe(201);
  return email;
}

it(
  'confirms the address in the browser that registered, by one press',
  async () => {
    const email = uniqueEmail();
    await visitor.open('/pages/register');
    await visitor.fill('E-mail address', email);
    await visitor.fill('Password', PASSWORD);
    await visitor.press('Create account');
    await visitor.sees('Your account');
    await visitor.reads('not confirmed yet');
    const { links } = await mailTo(app, email, 'email-verification');
    await visitor.open(links[0] ?? '');
    await visitor.sees('Confirm your address');
    expect(await visitor.findings()).toEqual([]);
    await visitor.press('Confirm address');
    await visitor.sees('Your address is confirmed');
    expect(await isVerified(email)).toBe(true);
  },
  onThisMachine(40_000),
);

it(
  'asks the owner for a password whose account was registered elsewhere',
  async () => {
    const { email } = await signUp(app);
    const { links } = await mailTo(app, email, 'email-verification');
    await visitor.open(links[0] ?? '');
    await visitor.press('Confirm address');
    await visitor.sees('Choose a new password');
    expect(await visitor.findings()).toEqual([]);
    await visitor.press('Enter the password I chose');
    await visitor.sees('Enter the password I chose');
    await visitor.fill('Password', 'not the password');
    await visitor.press('Confirm address');
    await visitor.reads('This is not the password of the account.');
    await visitor.press('Choose a new password');
    await visitor.fill('New password', NEW_PASSWORD);
    await visitor.press('Set password and confirm');
    await visitor.sees('Your address is confirmed');
    await signIn(app.api, email, NEW_PASSWORD);
  },
  onThisMachine(40_000),
);

it(
  'accepts an invitation, and ends every session from a notice',
  async () => {
    const email = await invite();
    const invitation = await mailTo(app, email, 'invitation');
    await visitor.open(invitation.links[0] ?? '');
    await visitor.sees('Welcome');
    expect(await visitor.findings()).toEqual([]);
    await visitor.fill('New password', PASSWORD);
    await visitor.press('Accept the invitation');
    await visitor.sees('The account is yours');

    const { accessToken } = await signIn(app.api, email);
    const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD, delivery: 'body' };
    await app.api.post('/auth/password/change', change, { token: accessToken });
    const { accessToken: present } = await signIn(app.api, email, NEW_PASSWORD);
    const notice = await mailTo(app, email, 'password-changed');
    await visitor.open(notice.links[0] ?? '');
    expect(await visitor.findings()).toEqual([]);
    await visitor.press('End all sessions');
    await visitor.sees('Every session has ended');
    expect((await app.api.get('/auth/me', { token: present })).status).toBe(401);
  },
  onThisMachine(40_000),
);

it(
  'a scanner that opens and renders every link consumes nothing, and the owner’s click works afterwards',
  async () => {
    const { email } = await signUp(app);
    await app.api.post('/auth/recovery/request', { email });
    const invited = await invite();
    const mails = [
      await mailTo(app, email, 'email-verification'),
      await mailTo(app, email, 'recovery'),
      await mailTo(app, invited, 'invitation'),
    ];
    const scanner = await PageVisitor.come(browser, app);
    for (const { links } of mails) {
      const { pathname } = new URL(links[0] ?? '');
      for (const method of ['HEAD', 'GET']) {
        expect((await fetch(`${app.origin}${pathname}`, { method })).status).toBe(200);
      }
      await scanner.open(links[0] ?? '');
      await scanner.page.locator('form').waitFor();
    }
    expect(scanner.asked.filter((asked) => asked.startsWith('POST'))).toEqual([]);

    const [verification, recovery, invitation] = mails.map(tokenIn);
    const posts = [
      ['/auth/email-verification/confirm', { token: verification, password: PASSWORD }],
      ['/auth/recovery/complete', { token: recovery, newPassword: NEW_PASSWORD }],
      ['/auth/invitation/accept', { token: invitation, newPassword: NEW_PASSWORD }],
    ] as const;
    for (const [path, body] of posts) {
      expect([path, (await app.api.post(path, body)).status]).toEqual([path, 204]);
    }
  },
  onThisMachine(40_000),
);

it('keeps the token out of addresses, of Referer and of history', async () => {
  const { email } = await signUp(app);
  const { links } = await mailTo(app, email, 'email-verification');
  await visitor.open(links[0] ?? '');
  expect(visitor.page.url()).not.toContain('lko_');
  await visitor.page.getByRole('button', { name: 'Deutsch' }).click();
  await visitor.sees('Adresse bestätigen');
  expect(await visitor.page.evaluate('document.documentElement.lang')).toBe('de');
  expect(await visitor.findings()).toEqual([]);
  await visitor.page.getByRole('button', { name: 'English' }).click();
  await visitor.sees('Confirm your address');
  expect(visitor.asked.filter((asked) => asked.includes('lko_'))).toEqual([]);
  expect(visitor.referrers.filter((referrer) => referrer.includes('lko_'))).toEqual([]);
  expect(visitor.complaints).toEqual([]);
});
