import { createHash } from 'node:crypto';
import { chown, mkdir, realpath, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '../../errors/startup-error.js';
import { canEnter, type PostgresAccount } from './postgres-account.js';
import { createRootStateDirectory, ROOT_STATE_DIRECTORY } from './postgres-installation.js';

/**
 * Finds or makes the folder `postgres` of a directory, owned by the account of Postgres and closed
 * to others. Where that account cannot enter the directory (a clone below /root, say), the folder
 * is a link to one that it can enter. Returns the real path.
 */
export async function prepareHome(
  directory: string,
  account: PostgresAccount | undefined,
): Promise<string> {
  const link = join(directory, 'postgres');
  const home = (await findRealPath(link)) ?? (await createHome(directory, link, account));
  if (account && !(await canEnter(home, account))) {
    throw new StartupError(
      `Postgres cannot run as root, and the user with id ${account.uid} cannot enter ${home}: ` +
        'make the directories above it accessible (chmod o+x), or set DATABASE_URL.',
    );
  }
  return home;
}

async function createHome(
  directory: string,
  link: string,
  account: PostgresAccount | undefined,
): Promise<string> {
  const isReachable = !account || (await canEnter(directory, account));
  const home = isReachable ? link : await createElsewhere(directory);
  // A link that leads nowhere.
  await rm(link, { force: true });
  if (!isReachable) await symlink(home, link);
  await mkdir(home, { mode: 0o700 });
  if (account) await chown(home, account.uid, account.gid);
  return home;
}

// Deleting the link loses the data: a new link leads to a new directory.
async function createElsewhere(directory: string): Promise<string> {
  const name = createHash('sha256').update(directory).digest('hex').slice(0, 16);
  const home = join(ROOT_STATE_DIRECTORY, name);
  await createRootStateDirectory();
  await rm(home, { recursive: true, force: true });
  return home;
}

async function findRealPath(path: string): Promise<string | null> {
  return realpath(path).catch(() => null);
}
