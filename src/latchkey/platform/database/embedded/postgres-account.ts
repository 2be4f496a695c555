import { execFile } from 'node:child_process';
import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { StartupError } from '../../errors/startup-error.js';

const run = promisify(execFile);

/** The operating-system account that Postgres runs under. */
export interface PostgresAccount {
  uid: number;
  gid: number;
}

/**
 * Postgres refuses to run as root, so root lends it another account: the one that owns
 * `directory`, else `postgres`, else `nobody`. Undefined means the current account.
 */
export async function findPostgresAccount(directory: string): Promise<PostgresAccount | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(directory).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const account = (await lookUp('postgres')) ?? (await lookUp('nobody'));
  if (account) return account;
  throw new StartupError(
    'Postgres cannot run as root and this system has no user "postgres" or "nobody": ' +
      'start Latchkey as another user, or set DATABASE_URL.',
  );
}

/** Whether the account may enter `directory`, judged by the mode of every directory above it. */
export async function canEnter(directory: string, account: PostgresAccount): Promise<boolean> {
  let current = await realpath(directory);
  while (true) {
    const { mode, uid, gid } = await stat(current);
    const permission = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & permission) === 0) return false;
    if (current === dirname(current)) return true;
    current = dirname(current);
  }
}

async function lookUp(name: string): Promise<PostgresAccount | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}
