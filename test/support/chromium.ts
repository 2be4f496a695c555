import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { build } from 'esbuild';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type LaunchOptions,
} from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
/** It is about pages of this machine: it has nothing to ask of any other. */
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let shared: Promise<Browser> | undefined;

/**
 * A real Chromium for one file of tests, with an empty profile for each context. The files of a process
 * have one after the other of the same Chromium, whose start costs more than most of their pages:
 * `close` ends the contexts that the file began. One that starts otherwise is the file's own.
 *
 * @param withoutFlags of those that Playwright adds
 */
export async function startChromium(withoutFlags: string[] = []): Promise<Browser> {
  if (withoutFlags.length > 0) return launch({ ignoreDefaultArgs: withoutFlags });
  if (shared === undefined || !(await shared).isConnected()) shared = launchShared();
  return lend(await shared);
}

async function launchShared(): Promise<Browser> {
  const browser = await launch({ handleSIGTERM: false });
  const end = () => browser.close().finally(() => process.exit());
  process.once('SIGTERM', end);
  browser.once('disconnected', () => process.off('SIGTERM', end));
  return browser;
}

/** The same browser, but that its `close` ends no other contexts than its own. */
function lend(browser: Browser): Browser {
  const contexts: BrowserContext[] = [];
  return Object.assign(Object.create(browser) as Browser, {
    newContext: async (options?: BrowserContextOptions) => {
      const context = await browser.newContext(options);
      contexts.push(context);
      return context;
    },
    close: async () => {
      await Promise.all(contexts.map((context) => context.close()));
    },
  });
}

function launch(options: LaunchOptions): Promise<Browser> {
  return chromium.launch({
    ...options,
    executablePath: findChromium(),
    args: process.getuid?.() === 0 ? [...FLAGS, '--no-sandbox'] : FLAGS,
  });
}

/** @throws Error that says what to install */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string {
  if (env.CHROMIUM !== undefined && env.CHROMIUM !== '') return env.CHROMIUM;
  const folders = (env.PATH ?? '').split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(
    isProgram,
  );
  if (found !== undefined) return found;
  throw new Error(
    'The browser tests need Chromium: install it ("apt-get install chromium"), or name another one in the environment variable CHROMIUM.',
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Gives every page of a context what the client publishes as the global `latchkey`, and does `then`. */
export async function addClient(context: BrowserContext, then: string): Promise<void> {
  const { outputFiles } = await build({
    stdin: {
      contents: "export * from './index.js'; export * from './passkeys/index.js';",
      resolveDir: 'src/latchkey/published/client',
      loader: 'ts',
    },
    bundle: true,
    format: 'iife',
    globalName: 'latchkey',
    target: 'es2022',
    write: false,
  });
  await context.addInitScript({ content: `${outputFiles[0]?.text}\n${then}` });
}
