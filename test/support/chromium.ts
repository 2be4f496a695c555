import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

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

/**
 * A real Chromium with an empty profile.
 *
 * @param withoutFlags of those that Playwright adds
 */
export function startChromium(withoutFlags: string[] = []): Promise<Browser> {
  return chromium.launch({
    ignoreDefaultArgs: withoutFlags,
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
