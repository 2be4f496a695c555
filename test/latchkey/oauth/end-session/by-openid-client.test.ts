import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as oauth from 'openid-client';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD, signUp, signUpAdmin } from '../../../builders/accounts.js';
import { type App, registerApp } from '../../../builders/apps.js';
import { startChromium } from '../../../support/chromium.js';
import { eventually } from '../../../support/eventually.js';
import { LogoutReceiver } from '../../../support/logout-receiver.js';
import { PageVisitor } from '../../../support/page-visitor.js';
import { ISSUER, startTestApp } from '../../../support/test-app.js';
import { onThisMachine } from '../../../support/time-limits.js';

const SLOW = onThisMachine(60_000);

let app: Awaited<ReturnType<typeof startTestApp>>;
let browser: Browser;
let receiver: LogoutReceiver;
/** The app’s, and what comes back to it. */
let site: Server;
const came: URL[] = [];
beforeAll(async () => {
  site = createServer(({ url = '' }, response) => {
    came.push(new URL(url, origin()));
    response.setHeader('Content-Type', 'text/html');
    response.end('<h1>Back at the app</h1>');
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  app = await startTestApp({ SINGLE_SIGN_ON: 'on' });
  [browser, receiver] = await Promise.all([startChromium(), LogoutReceiver.start()]);
}, SLOW);
afterAll(async () => {
  await browser?.close();
  await receiver?.stop();
  site.close();
  await app?.[Symbol.asyncDispose]();
});

const origin = () => `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
/** What has come to a path of the app’s. */
const cameTo = (path: string) =>
  eventually(
    () => {
      const found = came.findLast(({ pathname }) => pathname === path);
      if (found === undefined) throw new Error(`Nobody has come to ${path}.`);
      return found;
    },
    { within: 10 },
  );

/** The issuer's name, as a resolver would have it, stands for the port of this test. */
const toApp = (url: string, init: object) => fetch(url.replace(ISSUER, app.origin), init);
const send = ({ page }: PageVisitor, address: URL) =>
  page.goto(address.href.replace(ISSUER, app.origin.replace('127.0.0.1', 'localhost')));

async function signInAt(visitor: PageVisitor, config: oauth.Configuration, email: string) {
  const pkceCodeVerifier = oauth.randomPKCECodeVerifier();
  const asked = {
    redirect_uri: `${origin()}/callback`,
    scope: 'openid offline_access',
    code_challenge: await oauth.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  };
  await send(visitor, oauth.buildAuthorizationUrl(config, asked));
  await visitor.sees('Sign in');
  await visitor.fill('E-mail address', email);
  await visitor.fill('Password', PASSWORD);
  await visitor.press('Sign in');
  await visitor.sees('Back at the app');
  return oauth.authorizationCodeGrant(config, await cameTo('/callback'), { pkceCodeVerifier });
}

const configure = ({ id, secret = '' }: App) =>
  oauth.discovery(new URL(ISSUER), id, undefined, oauth.ClientSecretBasic(secret), {
    execute: [oauth.allowInsecureRequests],
    [oauth.customFetch]: toApp,
  });

it(
  'openid-client sends the browser to sign out, has it back with its state, and is told of the session that it had',
  async () => {
    const { email, userId } = await signUp(app);
    const shop = await registerApp(app.api, await signUpAdmin(app), {
      firstParty: true,
      redirectUris: [`${origin()}/callback`],
      postLogoutRedirectUris: [`${origin()}/goodbye`],
      backchannelLogoutUri: receiver.uri('/shop'),
    });
    const config = await configure(shop);
    const visitor = await PageVisitor.come(browser, app);
    const granted = await signInAt(visitor, config, email);

    const state = oauth.randomState();
    const ending = oauth.buildEndSessionUrl(config, {
      id_token_hint: granted.id_token ?? '',
      post_logout_redirect_uri: `${origin()}/goodbye`,
      state,
    });
    expect(ending.searchParams.get('client_id')).toBe(shop.id);
    await send(visitor, ending);
    await visitor.sees('Shop asks you to sign out');
    await visitor.press('Sign out');
    await visitor.sees('Back at the app');
    expect((await cameTo('/goodbye')).search).toBe(`?state=${state}`);

    const told = await receiver.next(app.origin, '/shop', shop.id);
    expect(told).toMatchObject({ sub: userId, sid: granted.claims()?.sid });
    expect(told).not.toHaveProperty('nonce');
    await expect(
      oauth.refreshTokenGrant(config, granted.refresh_token ?? ''),
    ).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(visitor.complaints).toEqual([]);
    await visitor.context.close();
  },
  SLOW,
);
