import { execFile } from 'node:child_process';
import { chown, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StartupError } from '../../errors/startup-error.js';
import { type PostgresInstallation, processOptions } from './postgres-installation.js';

const run = promisify(execFile);

/** Makes a new cluster. Its superuser is `postgres`, with the password of the given file. */
export async function initialiseCluster(
  installation: PostgresInstallation,
  dataDirectory: string,
  passwordFile: string,
  flags: string[] = [],
): Promise<void> {
  const format = ['--encoding=UTF8', '--locale=C', '--auth=scram-sha-256', '--username=postgres'];
  const files = [`--pwfile=${passwordFile}`, `--pgdata=${dataDirectory}`];
  try {
    await run(installation.initdb, [...format, ...files, ...flags], processOptions(installation));
  } catch (cause) {
    const reason = findReason((cause as { stderr?: string }).stderr ?? String(cause));
    throw new StartupError(`The embedded Postgres cannot be initialised: ${reason}`, { cause });
  }
}

/** Writes a file that only the account of Postgres (and root) can read. */
export async function writePrivateFile(
  file: string,
  content: string,
  { account }: PostgresInstallation,
): Promise<void> {
  await writeFile(file, content, { mode: 0o600, flush: true });
  if (account) await chown(file, account.uid, account.gid);
}

/** What a server noted in its data directory, or null if the last one was stopped. */
export async function readServerLockFile(
  dataDirectory: string,
): Promise<{ pid: number; port: number; status: string | undefined } | null> {
  const content = await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = content.split('\n').map((line) => line.trim());
  return lines[0] ? { pid: Number(lines[0]), port: Number(lines[3]), status: lines[7] } : null;
}

/** The line of Postgres's own output that says why it ended. */
export function findReason(output: string): string {
  const lines = output.trim().split('\n');
  const reason = lines.find((line) => /\b(FATAL|PANIC|error|ERROR):/.test(line));
  return (reason ?? lines.at(-1) ?? '').trim();
}
