import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findFreePort } from '../../../../src/latchkey/platform/database/embedded/postgres-process.js';
import { PASSWORD, type SignedIn, signUp, signUpAdmin } from '../../../builders/accounts.js';
import { registerApp } from '../../../builders/apps.js';
import { startChromium } from '../../../support/chromium.js';
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

it(
  'the example web app, with express-openid-connect: signs in, knows who it is, refreshes, also in parallel, and signs out',
  async () => {
    const { email } = await signUp(issuer.app);
    const port = await findFreePort();
    const origin = `http://localhost:${port}`;
    const registered = await registerApp(issuer.app.api, admin, {
      redirectUris: [`${origin}/callback`],
      postLogoutRedirectUris: [origin],
    });
    await webApp.start({
      PORT: String(port),
      ISSUER: issuer.issuer,
      CLIENT_ID: registered.id,
      CLIENT_SECRET: registered.secret,
    });
    const visitor = await PageVisitor.come(browser, issuer.app);
    await visitor.page.goto(origin);
    await signInByPage(visitor, email);
    await visitor.reads(`Hello, ${email}`);

    const { page } = visitor;
    const renewed = await page.evaluate(
      `Promise.all([1, 2, 3].map(() => fetch('/token?renew').then(({ status }) => status)))`,
    );
    expect(renewed).toEqual([200, 200, 200]);
    await page.goto(origin);
    await visitor.reads(`Hello, ${email}`);

    await page.goto(`${origin}/logout`);
    await page.goto(`${origin}/token`);
    expect(new URL(page.url()).origin).not.toBe(origin);
    await page.context().close();
  },
  SLOW,
);

it(
  '@auth/core signs in with PKCE, state and nonce, and has a session of the same person',
  async () => {
    const { email, userId } = await signUp(issuer.app);
    const port = await findFreePort();
    const registered = await registerApp(issuer.app.api, admin, {
      redirectUris: [`http://localhost:${port}/auth/callback/latchkey`],
    });
    const program = await ForeignProgram.serve(
      'auth-core',
      { ISSUER: issuer.issuer, CLIENT_ID: registered.id, CLIENT_SECRET: registered.secret },
      port,
    );
    const visitor = await PageVisitor.come(browser, issuer.app);
    const { page } = visitor;
    await page.goto(`http://localhost:${port}/auth/signin`);
    await page.getByRole('button', { name: /Latchkey/ }).click();
    await signInByPage(visitor, email);
    await page.waitForURL(`http://localhost:${port}/**`);
    await page.goto(`http://localhost:${port}/auth/session`);
    const session = JSON.parse(await page.locator('body').innerText());
    expect(session).toMatchObject({
      user: { email },
      granted: 'openid profile email offline_access',
    });
    expect(session.sub).toBe(userId);
    await page.context().close();
    await program.stop();
  },
  SLOW,
);

it('what the example’s README says to paste is what it has', async () => {
  const readme = await readFile('examples/web-app/README.md', 'utf8');
  for (const name of ['CLIENT_ID', 'CLIENT_SECRET', '/callback', 'npm install', 'npm start']) {
    expect(readme).toContain(name);
  }
});
