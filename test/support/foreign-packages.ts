import { execFile } from 'node:child_process';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './eventually.js';
import { onThisMachine } from './time-limits.js';

const run = promisify(execFile);

/** Programs of others, pinned exactly, which the root does not install. */
const FOLDER = resolve('test/foreign');
/** There while a process installs, whose id is in it. */
const LOCK = join(FOLDER, 'installing.lock');
const INSTALL_SECONDS = 240;

/** How long a hook may take that calls `installForeignPackages`. */
export const FOREIGN_INSTALL_MILLISECONDS = onThisMachine((INSTALL_SECONDS + 60) * 1_000);

/**
 * Installs what `test/foreign` names, unless it is there and of its lock file: once, whoever else asks at the same time.
 *
 * @throws Error that says what to do where the registry cannot be reached
 */
export async function installForeignPackages(): Promise<void> {
  const problem = await eventually(installOrWait, { within: INSTALL_SECONDS });
  if (problem !== undefined) throw problem;
}

/** @returns why it could not be installed, which trying again does not mend */
async function installOrWait(): Promise<Error | undefined> {
  if (await isInstalled()) return;
  await takeLock();
  try {
    if (!(await isInstalled())) await install();
  } catch (cause) {
    const what = 'The packages of test/foreign could not be installed. Is the registry reached?';
    return new Error(`${what} Try it by hand: cd test/foreign && npm ci`, { cause });
  } finally {
    await rm(LOCK, { force: true });
  }
}

/** Whether npm has finished since the lock file was last changed. */
async function isInstalled(): Promise<boolean> {
  const [wanted, installed] = await Promise.all(
    ['package-lock.json', 'node_modules/.package-lock.json'].map((file) =>
      stat(join(FOLDER, file)).catch(() => null),
    ),
  );
  return !!wanted && !!installed && installed.mtimeMs >= wanted.mtimeMs;
}

/** @throws Error while another process has it */
async function takeLock(): Promise<void> {
  try {
    await writeFile(LOCK, String(process.pid), { flag: 'wx' });
  } catch (error) {
    const owner = Number(await readFile(LOCK, 'utf8').catch(() => ''));
    // One that was killed has left it.
    if (owner > 0 && !isRunning(owner)) await rm(LOCK, { force: true });
    throw error;
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function install(): Promise<void> {
  await run('npm', ['ci', '--no-progress', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: FOLDER,
    timeout: INSTALL_SECONDS * 1_000,
    shell: process.platform === 'win32',
  });
}
