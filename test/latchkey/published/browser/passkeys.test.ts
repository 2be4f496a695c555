import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PASSWORD, uniqueEmail } from '../../../builders/accounts.js';
import { Barrier } from '../../../support/barrier.js';
import { addClient, startChromium } from '../../../support/chromium.js';
import { mailTo } from '../../../support/dev-mails.js';
import { eventually } from '../../../support/eventually.js';
import {
  type PasskeyApp,
  startPasskeyApp,
  VirtualAuthenticator,
} from '../../../support/passkey-app.js';
import { onThisMachine } from '../../../support/time-limits.js';

const SOON = { within: 10 };
const SESSION = /^[0-9a-f-]{36}$/;
const OPTIONS = '/auth/passkeys/sign-in/options';

const MAKE_CLIENT = `if (location.protocol === 'http:') {
  globalThis.client = latchkey.createClient({
    baseUrl: '/', delivery: 'cookie',
    onStepUp: async () => { await client.stepUp(await passkeys.show()); return true; },
  });
  globalThis.passkeys = latchkey.createPasskeys(client);
  globalThis.codeOf = (work) => work.then(() => 'done', (error) => error.code);
  globalThis.signedIn = null;
  globalThis.startAutofill = () => { passkeys.autofill(new AbortController().signal).then(
    (principal) => { signedIn = principal.sessionId }, (error) => { signedIn = error.code }) };
}`;
/** What browsers of a few years ago do not have. */
const OLD = `for (const name of ['parseCreationOptionsFromJSON', 'parseRequestOptionsFromJSON',
  'signalUnknownCredential', 'signalAllAcceptedCredentials', 'signalCurrentUserDetails'])
  delete PublicKeyCredential[name];
delete PublicKeyCredential.prototype.toJSON;`;

let passkeyApp: PasskeyApp;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let email: string;
/** Into the page that the tests have in common. */
let plugged: VirtualAuthenticator | undefined;
beforeAll(async () => {
  [browser, passkeyApp] = await Promise.all([startChromium(), startPasskeyApp()]);
  context = await browser.newContext();
  page = await openPage(context);
});
afterAll(async () => {
  await browser?.close();
  await passkeyApp?.[Symbol.asyncDispose]();
});
beforeEach(async () => {
  email = uniqueEmail();
  await page.reload();
  await context.clearCookies();
});
afterEach(async () => {
  await plugged?.unplug();
  plugged = undefined;
});

const run = <T>(page: Page, script: string) => page.evaluate<T>(`(async () => ${script})()`);

async function openPage(where: BrowserContext, script = MAKE_CLIENT): Promise<Page> {
  await addClient(where, script);
  const opened = await where.newPage();
  await opened.goto(`${passkeyApp.origin}/health/live`);
  return opened;
}

/** An account with a passkey in this page's device, signed in. */
async function withPasskey(at = page, options?: { isPresent: boolean }) {
  const device = await VirtualAuthenticator.plugIn(at);
  if (at === page) plugged = device;
  const ticket = await run<string>(
    at,
    `{
      await client.register('${email}', '${PASSWORD}', 'Ada');
      await client.login('${email}', '${PASSWORD}');
      return (await client.requestFactorProof()).ticket;
    }`,
  );
  const { code } = await mailTo(passkeyApp.app, email, 'factor-enrolment');
  const more = JSON.stringify({ name: 'My laptop', proof: { ticket, code } });
  const added = await run<{ id: string; kind: string; name: string }>(
    at,
    `passkeys.make().then((made) => passkeys.add(made, ${more}))`,
  );
  await device.agree(options?.isPresent ?? true);
  return { device, ...added };
}

/** As if they had been issued eight hours ago. */
const ageChallenges = () =>
  passkeyApp.app.stores.query(
    `UPDATE one_time_secrets SET expires_at = expires_at - interval '8 hours'
     WHERE purpose = 'passkey-sign-in'`,
  );

const optionsCome = (page: Page) =>
  page.waitForResponse((answer) => answer.url().endsWith(OPTIONS));

/** Keeps the answer to the first request for options from the page until it is released. */
async function holdOptions(page: Page) {
  const [released, answered] = [new Barrier(), new Barrier()];
  for (const barrier of [released, answered]) barrier.close();
  await page.route(
    `**${OPTIONS}`,
    async (route) => {
      const response = await route.fetch();
      answered.open();
      await released.opened;
      await route.fulfill({ response });
    },
    { times: 1 },
  );
  return { answered: answered.opened, release: () => released.open() };
}

const signsIn = (page: Page) =>
  eventually(async () => {
    const found = await run<string | null>(page, 'signedIn');
    if (found === null) throw new Error('Nobody has signed in.');
    return found;
  }, SOON);

describe(
  'passkeys in Chromium',
  () => {
    it('are made, listed, and sign in alone', async () => {
      const { kind, name } = await withPasskey();
      expect([kind, name]).toEqual(['passkey', 'My laptop']);
      const listed = await run<unknown>(page, 'client.listFactors()');
      const items = [{ kind: 'passkey', name: 'My laptop' }];
      expect(listed).toMatchObject({ items, proofNeeded: false });
      expect(await run(page, 'codeOf(passkeys.make())')).toBe('client.passkey_exists');
      await run(page, 'client.logout()');
      const acr = await run(page, 'passkeys.signIn().then(({ claims }) => claims.acr)');
      expect(acr).toBe('phr');
    });

    it('are what a password is followed by, and what a session steps up by before its call is repeated', async () => {
      await withPasskey();
      const shown = await run<string>(
        page,
        `{
        await client.logout();
        const { challenge } = await client.login('${email}', '${PASSWORD}').catch((error) => error);
        const { claims } = await client.completeSignIn(challenge.challenge, await passkeys.show());
        return claims.acr;
      }`,
      );
      expect(shown).toBe('phr');
      const { stores } = passkeyApp.app;
      await stores.query(
        `UPDATE sessions SET factors = (SELECT jsonb_object_agg(name, shown || jsonb_build_object(
         'at', (shown ->> 'at')::bigint - 3600)) FROM jsonb_each(factors) AS each (name, shown))`,
      );
      await page.reload();
      const codes = await run<string[]>(page, 'client.replaceRecoveryCodes()');
      expect(codes).toHaveLength(10);
    });

    it('are offered by autofill, in two tabs at once, each by its own challenge', async () => {
      const { device } = await withPasskey();
      await run(page, 'client.logout()');
      const other = await context.newPage();
      await other.goto(`${passkeyApp.origin}/health/live`);
      await device.copyTo(await VirtualAuthenticator.plugIn(other));
      const pages = [page, other];
      const held = await Promise.all(pages.map(holdOptions));
      for (const page of pages) await run(page, 'startAutofill()');
      await Promise.all(held.map(({ answered }) => answered));
      for (const { release } of held) release();
      const sessions = await Promise.all(pages.map(signsIn));
      for (const session of sessions) expect(session).toMatch(SESSION);
      expect(new Set(sessions).size).toBe(2);
      await other.close();
    });

    it('give way in the field to what is asked for by a button, and are offered there again afterwards', async () => {
      const { device } = await withPasskey(page, { isPresent: false });
      await run(page, 'client.logout()');
      const offered = optionsCome(page);
      await run(page, 'startAutofill()');
      await offered;
      const asked = optionsCome(page);
      const cancelled = run(
        page,
        `{
          globalThis.stop = new AbortController();
          return codeOf(passkeys.signIn(stop.signal));
        }`,
      );
      await asked;
      const { answered, release } = await holdOptions(page);
      await run(page, 'stop.abort()');
      expect(await cancelled).toBe('client.no_passkey');
      await answered;
      expect(await run(page, 'signedIn')).toBe(null);
      // Chromium misses it where it comes in the very moment in which a field begins to offer.
      await device.agree();
      release();
      expect(await signsIn(page)).toMatch(SESSION);
    });

    it('sign in on a page that has been open for eight hours: its challenge is renewed', async () => {
      const own = await browser.newContext();
      await own.clock.install();
      const open = await openPage(own);
      const { device } = await withPasskey(open, { isPresent: false });
      await run(open, 'client.logout()');
      const asked = optionsCome(open);
      await run(open, 'startAutofill()');
      await asked;
      await ageChallenges();
      await device.agree();
      const posts: string[] = [];
      open.on('request', (request) => posts.push(new URL(request.url()).pathname));
      await open.clock.fastForward('08:00:00');
      expect(await signsIn(open)).toMatch(SESSION);
      expect(posts).toEqual([OPTIONS, '/auth/passkeys/sign-in']);
      await own.close();
    });

    it('sign in on a page that has slept for eight hours, by asking once more', async () => {
      await withPasskey();
      await run(page, 'client.logout()');
      const { answered, release } = await holdOptions(page);
      await run(page, 'startAutofill()');
      await answered;
      await ageChallenges();
      release();
      expect(await signsIn(page)).toMatch(SESSION);
    });

    it('that have been removed are offered no more', async () => {
      const { device, id } = await withPasskey();
      await run(page, `client.updateProfile({ name: 'Ada Lovelace' })`);
      await run(page, 'passkeys.tellBrowser()');
      await eventually(async () => expect(await device.credentials()).toHaveLength(1), SOON);
      await run(page, `client.removeFactor('${id}')`);
      await run(page, 'passkeys.tellBrowser()');
      await eventually(async () => expect(await device.credentials()).toHaveLength(0), SOON);
    });

    it('that have been removed elsewhere are offered once, and no more', async () => {
      const { device, id } = await withPasskey();
      await run(page, `client.removeFactor('${id}').then(() => client.logout())`);
      expect(await run(page, 'codeOf(passkeys.signIn())')).toBe('auth.passkey_unknown');
      await eventually(async () => expect(await device.credentials()).toHaveLength(0), SOON);
    });

    it('that were made and not added are forgotten', async () => {
      const { device } = await withPasskey();
      await run(
        page,
        `client.listFactors().then(({ items: [{ id }] }) => client.removeFactor(id)).then(() => passkeys.tellBrowser())`,
      );
      await run(page, 'passkeys.make().then((made) => passkeys.discard(made))');
      await eventually(async () => expect(await device.credentials()).toHaveLength(0), SOON);
    });

    it('are made and shown by browsers that know neither JSON nor signals', async () => {
      const own = await browser.newContext();
      const old = await openPage(own, `${OLD}\n${MAKE_CLIENT}`);
      const { id } = await withPasskey(old);
      await run(old, 'client.logout()');
      expect(await run(old, 'passkeys.signIn().then(({ claims }) => claims.acr)')).toBe('phr');
      await run(old, `client.removeFactor('${id}').then(() => passkeys.tellBrowser())`);
      await own.close();
    });
  },
  onThisMachine(60_000),
);

it('Node has none, and says so', async () => {
  const { createClient } = await import('../../../../src/latchkey/published/client/index.js');
  const { createPasskeys } = await import(
    '../../../../src/latchkey/published/client/passkeys/index.js'
  );
  const client = createClient({ baseUrl: passkeyApp.app.origin, delivery: 'body' });
  const passkeys = createPasskeys(client);
  expect(passkeys.supported).toBe(false);
  expect(await passkeys.autofill(new AbortController().signal)).toBe(null);
  await expect(passkeys.signIn()).rejects.toMatchObject({ code: 'client.no_passkey' });
});
