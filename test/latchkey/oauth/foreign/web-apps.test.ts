import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findFreePort } from '../../../../src/latchkey/platform/database/embedded/postgres-process.js';
import { PASSWORD, type SignedIn, signUp, signUpAdmin } from '../../../builders/accounts.js';
import { registerApp } from '../../../builders/apps.js';
import { startChromium } from '../../../support/chromium.js';
import { eventually } from '../../../support/eventually.js';
import { ForeignExample } from '../../../support/foreign-example.js';
import {
  FOREIGN_INSTALL_MILLISECONDS,
  installForeignPackages,
} from '../../../support/foreign-packages.js';
import { ForeignProgram } from '../../../support/foreign-program.js';
import { PageVisitor } from '../../../support/page-visitor.js';
import { startReachableIssuer } from '../../../support/reachable-issuer.js';
import { onThisMachine } from '../../../support/time-limits.js';

const SLOW = onThisMachine(90_000);

let issuer: Awaited<ReturnType<typeof startReachableIssuer>>;
let admin: SignedIn;
let browser: Browser;
let webApp: ForeignExample;
beforeAll(async () => {
  await installForeignPackages();
  [issuer, browser, webApp] = await Promise.all([
    startReachableIssuer(),
    startChromium(),
    ForeignExample.install('web-app'),
  ]);
  admin = await signUpAdmin(issuer.app);
}, FOREIGN_INSTALL_MILLISECONDS);
afterAll(async () => {
  await webApp?.stop();
  await browser?.close();
  await issuer?.stop();
});

async function signInByPage(visitor: PageVisitor, email: string): Promise<void> {
  await visitor.sees('Sign in');
  await visitor.fill('E-mail address', email);
  await visitor.fill('Password', PASSWORD);
  await visitor.press('Sign in');
  await visitor.sees('Shop wants to sign you in');
  await visitor.press('Allow');
}

/** What tabs do that all find their token expired: twenty requests at once, each with the same cookies. */
async function twentyAtOnce({ context }: PageVisitor, address: string): Promise<Response[]> {
  const cookies = await context.cookies(address);
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  return Promise.all(Array.from({ length: 20 }, () => fetch(address, { headers: { cookie } })));
}

async function startWebApp(): Promise<string> {
  const port = await findFreePort();
  const origin = `http://localhost:${port}`;
  const registered = await registerApp(issuer.app.api, admin, {
    redirectUris: [`${origin}/callback`],
    postLogoutRedirectUris: [`${origin}/goodbye`],
    backchannelLogoutUri: `${origin}/backchannel-logout`,
  });
  await webApp.start({
    PORT: String(port),
    ISSUER: issuer.issuer,
    CLIENT_ID: registered.id,
    CLIENT_SECRET: registered.secret,
  });
  return origin;
}

async function comeSignedIn(origin: string, email: string): Promise<PageVisitor> {
  const visitor = await PageVisitor.come(browser, issuer.app);
  await visitor.page.goto(origin);
  await signInByPage(visitor, email);
  await visitor.reads(`Hello, ${email}`);
  return visitor;
}

it(
  'the example web app, with express-openid-connect: signs in, knows who it is, refreshes, also in parallel, and signs out here and there',
  async () => {
    const { email } = await signUp(issuer.app);
    const origin = await startWebApp();
    const visitor = await comeSignedIn(origin, email);
    const { page } = visitor;
    const renewed = await twentyAtOnce(visitor, `${origin}/token?renew`);
    expect(renewed.map(({ status }) => status)).toEqual(Array(20).fill(200));
    await page.goto(`${origin}/token?renew`);
    await visitor.reads(/expiresIn/);
    await page.goto(origin);
    await visitor.reads(`Hello, ${email}`);

    await page.goto(`${origin}/logout`);
    await visitor.sees('Shop asks you to sign out');
    await visitor.press('Sign out');
    await visitor.reads('Goodbye');
    expect(page.url()).toBe(`${origin}/goodbye`);
    await page.goto(origin);
    await visitor.sees('Sign in');
    await visitor.context.close();
  },
  SLOW,
);

it(
  'the example web app is told when a session is over, and signs out that one alone',
  async () => {
    const { email } = await signUp(issuer.app);
    const origin = await startWebApp();
    const [one, other] = [await comeSignedIn(origin, email), await comeSignedIn(origin, email)];
    await one.open('/pages/account');
    await one.press('Sign out');
    await one.sees('You are signed out');
    await eventually(
      async () => {
        await one.page.goto(origin);
        expect(new URL(one.page.url()).origin).toBe(issuer.issuer);
      },
      { within: 20 },
    );
    await one.sees('Sign in');
    await other.page.goto(origin);
    await other.reads(`Hello, ${email}`);
    await Promise.all([one, other].map(({ context }) => context.close()));
  },
  SLOW,
);

it(
  '@auth/core signs in with PKCE, state and nonce, has a session of the same person, refreshes, also in parallel, and signs out here and there',
  async () => {
    const { email, userId } = await signUp(issuer.app);
    const port = await findFreePort();
    const origin = `http://localhost:${port}`;
    const registered = await registerApp(issuer.app.api, admin, {
      redirectUris: [`${origin}/auth/callback/latchkey`],
      postLogoutRedirectUris: [`${origin}/auth/signout`],
    });
    const { id: CLIENT_ID, secret: CLIENT_SECRET } = registered;
    const settings = { ISSUER: issuer.issuer, CLIENT_ID, CLIENT_SECRET, EARLY_SECONDS: '86400' };
    const program = await ForeignProgram.serve('auth-core', settings, port);
    const visitor = await PageVisitor.come(browser, issuer.app);
    const { page } = visitor;
    await page.goto(`${origin}/auth/signin`);
    await page.getByRole('button', { name: /Latchkey/ }).click();
    await signInByPage(visitor, email);
    await page.waitForURL(`${origin}/**`);
    const session = async () => {
      await page.goto(`${origin}/auth/session`);
      return JSON.parse(await page.locator('body').innerText());
    };
    const first = await session();
    expect(first).toMatchObject({
      user: { email },
      sub: userId,
      granted: 'openid profile email offline_access',
    });
    const answers = await twentyAtOnce(visitor, `${origin}/auth/session`);
    const all: unknown[] = await Promise.all(answers.map((answer) => answer.json()));
    expect(all).toEqual(
      Array(20).fill({ ...first, refreshes: first.refreshes + 1, expires: expect.any(String) }),
    );
    const after = await session();
    expect([after.refreshes, after.error]).toEqual([first.refreshes + 1, undefined]);

    await page.goto(`${origin}/sign-out`);
    await visitor.sees('Shop asks you to sign out');
    await visitor.press('Sign out');
    await page.waitForURL(`${origin}/auth/signout`);
    expect((await session()).error).toBe('RefreshTokenError');
    await page.goto(`${origin}/auth/signout`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL((address) => !address.pathname.includes('signout'));
    expect(await session()).toBeNull();
    await page.goto(`${origin}/auth/signin`);
    await page.getByRole('button', { name: /Latchkey/ }).click();
    await visitor.sees('Sign in');
    await visitor.context.close();
    await program.stop();
  },
  SLOW,
);

it('what the example’s README says to paste is what it has', async () => {
  const readme = await readFile('examples/web-app/README.md', 'utf8');
  for (const name of ['CLIENT_ID', '/callback', '/goodbye', '/backchannel-logout', 'npm start']) {
    expect(readme).toContain(name);
  }
});
