import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { extname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findFreePort } from '../../../../src/latchkey/platform/database/embedded/postgres-process.js';
import { buildPackages } from '../../../support/build-packages.js';
import { startChromium } from '../../../support/chromium.js';
import { RunnablePage } from '../../../support/page-runner.js';
import { freshDirectory } from '../../../support/service-process.js';
import { startTestApp } from '../../../support/test-app.js';
import { onThisMachine } from '../../../support/time-limits.js';

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };
const CLIENT = '/node_modules/latchkey-client/';

let packages: Awaited<ReturnType<typeof freshDirectory>>;
let app: Awaited<ReturnType<typeof startTestApp>>;
let files: Server;
let browser: Browser;
let origin: string;
beforeAll(async () => {
  const [page, port] = [
    await RunnablePage.read('docs/quickstart-browser.md'),
    await findFreePort(),
  ];
  origin = `http://localhost:${port}`;
  [packages, app, browser] = await Promise.all([
    freshDirectory(),
    startTestApp({ CORS_ORIGINS: origin }),
    startChromium(),
  ]);
  await buildPackages(packages.path);
  const server = app.origin.replace('127.0.0.1', 'localhost');
  files = createServer(async ({ url = '/' }, response) => {
    const path = url === '/' ? 'index.html' : url.slice(1);
    const text = url.startsWith(CLIENT)
      ? await readFile(join(packages.path, 'latchkey-client', url.slice(CLIENT.length)), 'utf8')
      : page.files.get(path)?.replaceAll('http://localhost:3000', server);
    response
      .writeHead(text === undefined ? 404 : 200, { 'Content-Type': TYPES[extname(path)] ?? '' })
      .end(text);
  }).listen(port, '127.0.0.1');
  await once(files, 'listening');
}, onThisMachine(90_000));
afterAll(async () => {
  await browser?.close();
  files?.close();
  await app?.[Symbol.asyncDispose]();
  await packages?.remove();
});

it(
  'the page of the quickstart makes an account, survives a reload and signs out',
  async () => {
    const context = await browser.newContext();
    context.setDefaultTimeout(onThisMachine(10_000));
    const page = await context.newPage();
    await page.goto(origin);
    await page.locator('[name=email]').fill('ada@example.com');
    await page.locator('[name=password]').fill('short');
    await page.locator('[name=register]').click();
    await page.locator('#problem', { hasText: 'password' }).waitFor();

    await page.locator('[name=password]').fill('correct horse battery staple');
    await page.locator('[name=register]').click();
    await page.locator('#who', { hasText: 'ada@example.com' }).waitFor();
    await page.reload();
    await page.locator('#who', { hasText: 'ada@example.com' }).waitFor();
    await page.locator('#sign-out').click();
    await page.locator('#signed-out').waitFor();
    await page.reload();
    await page.locator('#signed-out').waitFor();
    expect(await page.locator('#signed-in').isVisible()).toBe(false);
  },
  onThisMachine(60_000),
);
