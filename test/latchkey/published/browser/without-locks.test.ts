import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  grantRoles,
  PASSWORD,
  type SignedIn,
  signIn,
  signUp,
  signUpAdmin,
} from '../../../builders/accounts.js';
import { Barrier } from '../../../support/barrier.js';
import { startChromium } from '../../../support/chromium.js';
import { eventually } from '../../../support/eventually.js';
import { Gateway } from '../../../support/gateway.js';
import { RequestLog } from '../../../support/request-log.js';
import { type Outcome, Tab } from '../../../support/tab.js';
import { startTestApp } from '../../../support/test-app.js';

/** What pages of plain http find, which are no secure contexts. */
const WITHOUT_LOCKS = "Object.defineProperty(navigator, 'locks', { value: undefined });";

let app: Awaited<ReturnType<typeof startTestApp>>;
let gateway: Gateway;
let browser: Browser;
let context: BrowserContext;
let tabs: [Tab, Tab];
let admin: SignedIn;
let email: string;
let userId: string;
let sessionId: string;
/** Before the answers to what goes to one path. */
const barrier = new Barrier();
let barredPath: string;

beforeAll(async () => {
  browser = await startChromium();
  app = await startTestApp();
  admin = await signUpAdmin(app);
  gateway = await Gateway.start(
    app.origin,
    () => false,
    async (path) => {
      if (path === barredPath) await barrier.opened;
    },
  );
  context = await browser.newContext();
  await Tab.prepare(context, WITHOUT_LOCKS);
  tabs = [await open(), await open()];
});
afterAll(async () => {
  await browser?.close();
  await gateway?.[Symbol.asyncDispose]();
  await app?.[Symbol.asyncDispose]();
});
beforeEach(async () => {
  barrier.open();
  await Tab.startOver(context, tabs);
  ({ email, userId } = await signUp(app));
  sessionId = await tabs[0].logIn(email, PASSWORD);
  await eventually(async () => expect(await tabs[1].heard()).toEqual([sessionId]), { within: 5 });
});

const open = () => Tab.open(context, gateway.origin.replace('127.0.0.1', 'localhost'));

/** Lets a request to a path arrive, and does something else before it is answered. */
async function beforeAnswer<T>(path: string, ask: () => Promise<T>, then: () => Promise<void>) {
  barredPath = path;
  barrier.close();
  const log = new RequestLog(app);
  const asked = ask();
  await eventually(() => expect(log.to(path)[0]?.status).toBeGreaterThan(0), { within: 5 });
  await then();
  barrier.open();
  return asked;
}

async function endSessions(): Promise<void> {
  const { accessToken: token } = await signIn(app.api, email);
  await app.api.post('/auth/logout-all', undefined, { token });
}

it('stays signed in through refreshes of all tabs at once', async () => {
  const more = [await open(), await open()];
  const all = [...tabs, ...more];
  for (let round = 0; round < 3; round++) {
    await Promise.all(all.map((tab) => tab.load()));
    const restored = await Promise.all(all.map((tab) => tab.restore()));
    expect(new Set(restored)).toEqual(new Set([sessionId]));
    expect(new Set(await Promise.all(all.map((tab) => tab.call())))).toEqual(new Set([200]));
  }
  for (const tab of all) expect(await tab.heard()).not.toContain(null);
  await Promise.all(more.map(({ page }) => page.close()));
});

it('signs nobody out of a newer session when the refresh of the one before is refused', async () => {
  await endSessions();
  let newer = '';
  const outcome = await beforeAnswer(
    '/auth/refresh',
    () => tabs[0].call(),
    async () => {
      newer = await tabs[1].logIn(email, PASSWORD);
      const heard = async () => expect((await tabs[0].heard()).at(-1)).toBe(newer);
      await eventually(heard, { within: 5 });
    },
  );
  // Repeated with the newer session, which is the same user's.
  expect(outcome).toBe(200);
  for (const tab of tabs) {
    expect(await tab.call()).toBe(200);
    expect(await tab.heard()).toEqual([sessionId, newer]);
  }
});

it('signs nobody out of a session that begins while another tab signs out', async () => {
  let newer = '';
  await beforeAnswer(
    '/auth/logout',
    () => tabs[0].logOut(),
    async () => {
      newer = await tabs[1].logIn(email, PASSWORD);
      const heard = async () => expect(await tabs[0].heard()).toEqual([sessionId, newer]);
      await eventually(heard, { within: 5 });
    },
  );
  for (const tab of tabs) {
    expect(await tab.call()).toBe(200);
    expect(await tab.heard()).toEqual([sessionId, newer]);
  }
});

it('renews a newer session’s token while the refresh of the one before is under way', async () => {
  await tabs[0].load();
  await endSessions();
  const log = new RequestLog(app);
  let call: Promise<Outcome> | undefined;
  await beforeAnswer(
    '/auth/refresh',
    () => tabs[0].restore(),
    async () => {
      const newer = await tabs[1].logIn(email, PASSWORD);
      await eventually(async () => expect(await tabs[0].heard()).toEqual([newer]), { within: 5 });
      await grantRoles(app, admin, userId, ['admin']);
      call = tabs[0].call();
      await eventually(() => expect(log.unauthorized).toHaveLength(1), { within: 5 });
    },
  );
  expect(await call).toBe(200);
});

it('brings no session back when a refresh is answered after it has ended in another tab', async () => {
  await tabs[0].load();
  const restored = await beforeAnswer(
    '/auth/refresh',
    () => tabs[0].restore(),
    () => tabs[1].logOut(),
  );
  expect(restored).toBeNull();
  expect(await tabs[0].call()).toBe(401);
  expect([await tabs[0].heard(), await tabs[1].heard()]).toEqual([[], [sessionId, null]]);
});
