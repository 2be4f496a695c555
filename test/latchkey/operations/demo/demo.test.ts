import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD, signIn } from '../../../builders/accounts.js';
import { ApiClient } from '../../../support/api-client.js';
import { startChromium } from '../../../support/chromium.js';
import { eventually } from '../../../support/eventually.js';
import { freshDirectory, ServiceProcess } from '../../../support/service-process.js';
import { onThisMachine } from '../../../support/time-limits.js';

const EMAIL = 'demo@example.com';

let directory: Awaited<ReturnType<typeof freshDirectory>>;
let demo: ServiceProcess;
let browser: Browser;
let context: BrowserContext;
let tab: Page;
let address: string;
/** What the browser complained of: scripts that failed, and what the policy refused. */
const complaints: string[] = [];

beforeAll(async () => {
  browser = await startChromium();
  directory = await freshDirectory();
  demo = ServiceProcess.run(['scripts/demo.mjs'], directory.path, { PORT: '0' });
  await eventually(() => expect(demo.output).toContain('Sign in with'), { within: 60 });
  address = /The demo +(\S+)/.exec(demo.output)?.[1] ?? '';
  context = await browser.newContext();
  context.setDefaultTimeout(onThisMachine(5_000));
  tab = await openTab();
}, onThisMachine(90_000));
afterAll(async () => {
  await browser?.close();
  await demo?.destroy();
  await directory?.remove();
});

/** In the tab that is there, which costs less than another one. */
async function open(): Promise<Page> {
  await tab.goto(address);
  return tab;
}

async function openTab(): Promise<Page> {
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (/Content Security Policy|module/.test(message.text())) complaints.push(message.text());
  });
  await page.goto(address);
  return page;
}

const textOf = (page: Page, id: string) => page.locator(`#${id}`).innerText();

it('prints where it is, and an account that is there', async () => {
  expect(address).toMatch(/^http:\/\/localhost:\d+\/demo$/);
  expect(demo.output).toContain(`Sign in with     ${EMAIL}\n                   ${PASSWORD}\n`);
  const { userId } = await signIn(new ApiClient(new URL(address).origin), EMAIL, PASSWORD);
  expect(userId).not.toBe('');
});

it('begins without an error in the console, on the page and in the answers', async () => {
  const errors: string[] = [];
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('response', (response) => {
    if (response.status() >= 400) errors.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(address);
  await page.locator('#signed-out').waitFor();
  await page.locator('#email').waitFor();
  expect(errors).toEqual([]);
  await page.close();
});

it('signs in, calls a guarded route and signs out by the keyboard alone', async () => {
  const page = await open();
  await page.locator('#email').waitFor();
  await page.locator('#email').focus();
  await page.keyboard.type(EMAIL);
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await page.locator('#signed-in').waitFor();
  expect(await textOf(page, 'message')).toBe('You are signed in.');
  expect(await textOf(page, 'roles')).toContain('admin');

  const focused = () => page.evaluate('document.activeElement.textContent') as Promise<string>;
  const tabTo = async (text: string) => {
    for (let presses = 0; presses < 20 && (await focused()) !== text; presses++) {
      await page.keyboard.press('Tab');
    }
    expect(await focused()).toBe(text);
    const outline = 'getComputedStyle(document.activeElement).outlineStyle';
    expect(await page.evaluate(outline)).toBe('solid');
  };
  await tabTo('GET /auth/me');
  await page.keyboard.press('Enter');
  await page.locator('#call-body').waitFor();
  expect(await textOf(page, 'call-result')).toBe('Call 1: /auth/me answered 200.');
  expect(JSON.parse(await textOf(page, 'call-body')).sessionId).toBe(
    await textOf(page, 'session-id'),
  );
  await page.locator('#you-title').focus();
  await tabTo('Sign out');
  await page.keyboard.press('Enter');
  await page.locator('#signed-out').waitFor();
  expect(await textOf(page, 'message')).toBe('You are signed out.');
  expect(await page.evaluate('document.activeElement.id')).toBe('email');
});

it('shows the token’s life drain, in two tabs that share a session and its end', async () => {
  const page = await open();
  await page.locator('#use-demo-account').click();
  await page.keyboard.press('Enter');
  await page.locator('#signed-in').waitFor();
  const another = await openTab();
  await another.locator('#signed-in').waitFor();
  expect(await textOf(another, 'session-id')).toBe(await textOf(page, 'session-id'));

  const life = () => page.evaluate('document.querySelector("#life").value') as Promise<number>;
  const before = await life();
  expect(before).toBeGreaterThan(20);
  expect(before).toBeLessThanOrEqual(30);
  await eventually(async () => expect(await life()).toBeLessThan(before - 0.5), { within: 5 });

  const own = page.locator('#sessions button', { hasText: 'End this one' });
  await own.click();
  await page.locator('#signed-out').waitFor();
  await another.locator('#signed-out').waitFor();
  await another.close();
});

it('sets a cookie that Safari takes as well, which knows no secure http', async () => {
  const page = await open();
  await page.locator('#use-demo-account').click();
  await page.keyboard.press('Enter');
  await page.locator('#signed-in').waitFor();
  const cookies = await context.cookies();
  expect(
    cookies.map(({ secure, httpOnly, sameSite }) => [secure, httpOnly, sameSite]),
  ).toContainEqual([false, true, 'Strict']);
  expect(cookies.filter(({ secure }) => secure)).toEqual([]);
  await page.locator('#sign-out').click();
  await page.locator('#signed-out').waitFor();
});

it('ends another session by the keyboard, and keeps its place', async () => {
  const page = await open();
  await page.locator('#use-demo-account').click();
  await page.keyboard.press('Enter');
  await page.locator('#signed-in').waitFor();
  await signIn(new ApiClient(new URL(address).origin), EMAIL, PASSWORD);
  await page.locator('#list-sessions').click();
  const other = page.locator('#sessions button', { hasText: /^End$/ }).first();
  await other.focus();
  await page.keyboard.press('Enter');
  await eventually(
    async () => {
      expect(await textOf(page, 'message')).toBe('The session has ended.');
      expect(await page.evaluate('document.activeElement.id')).toBe('sessions-title');
    },
    { within: 5 },
  );
  await page.locator('#sign-out').click();
  await page.locator('#signed-out').waitFor();
});

it('says that the server does not answer', async () => {
  const page = await open();
  await page.locator('#use-demo-account').click();
  await page.keyboard.press('Enter');
  await page.locator('#signed-in').waitFor();
  await context.setOffline(true);
  for (const [name, says] of [
    ['GET /auth/me', /^That failed, perhaps because the server is away/],
    ['Sign out everywhere', /client\.no_answer/],
  ] as const) {
    await page.getByRole('button', { name }).click();
    const said = async () => expect(await textOf(page, 'message')).toMatch(says);
    await eventually(said, { within: 5 });
  }
  await context.setOffline(false);
  await page.locator('#sign-out').click();
  await page.locator('#signed-out').waitFor();
});

it('says what the server refuses, where it is heard and read', async () => {
  const page = await open();
  await page.locator('#email').fill('new@example.com');
  await page.locator('#password').fill('short');
  await page.getByRole('button', { name: 'Make an account' }).click();
  await eventually(async () => expect(await textOf(page, 'message')).toMatch(/password: .*15/), {
    within: 5,
  });
  expect(await page.locator('#message').getAttribute('aria-live')).toBe('polite');
});

it('makes an account, and signs it out everywhere', async () => {
  const page = await open();
  await page.locator('#email').fill('new@example.com');
  await page.locator('#password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Make an account' }).click();
  await page.locator('#signed-in').waitFor();
  await page.locator('#sign-out-everywhere').click();
  await page.locator('#signed-out').waitFor();
  expect(await textOf(page, 'message')).toBe('Signed out everywhere: 1 session ended.');
});

it('gives every control a name', async () => {
  const page = await open();
  await page.locator('#use-demo-account').click();
  await page.keyboard.press('Enter');
  await page.locator('#signed-in').waitFor();
  await page.locator('#sessions li').first().waitFor();
  const nameless = await page.evaluate(`[...document.querySelectorAll('button, input, a, progress')]
    .filter((control) => control.checkVisibility())
    .filter((control) => !(control.labels?.length || control.textContent.trim()
      || control.getAttribute('aria-label') || control.getAttribute('aria-labelledby')))
    .map((control) => control.outerHTML)`);
  expect(nameless).toEqual([]);
});

it('names controls by what is read on them', async () => {
  const page = await open();
  await page.locator('#sessions button').first().waitFor();
  const misnamed = await page.evaluate(`[...document.querySelectorAll('[aria-label]')]
    .filter((control) => !control.getAttribute('aria-label').startsWith(control.textContent))
    .map((control) => control.outerHTML)`);
  expect(misnamed).toEqual([]);
});

it('keeps to the server’s content security policy, without a script that fails', () => {
  expect(complaints).toEqual([]);
});

it('does not start in production', async () => {
  const { exitCode, errors } = await ServiceProcess.run(['scripts/demo.mjs'], directory.path, {
    NODE_ENV: 'production',
  }).ended();
  expect([exitCode, errors]).toEqual([
    1,
    'The demo has an account whose password is public: not in production.\n',
  ]);
});
