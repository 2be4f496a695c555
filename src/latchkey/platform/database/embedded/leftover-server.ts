import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StartupError } from '../../errors/startup-error.js';
import { readServerLockFile } from './postgres-cluster.js';
import type { PostgresInstallation } from './postgres-installation.js';
import { stopServer } from './postgres-process.js';

const run = promisify(execFile);

/**
 * Stops the server that an ended process left running on this data directory, if there is one.
 * Only the owner of the directory's lock may call it.
 */
export async function stopLeftoverServer(
  installation: PostgresInstallation,
  dataDirectory: string,
  log: (line: string) => void,
): Promise<void> {
  const lockFile = await readServerLockFile(dataDirectory);
  if (!lockFile) return;
  if (!(await describeProcess(lockFile.pid)).includes(dataDirectory)) {
    // Another program may have its process id by now, and Postgres would refuse to start.
    await rm(join(dataDirectory, 'postmaster.pid'), { force: true });
    return;
  }
  log('Stopping the Postgres that an earlier run left behind');
  try {
    await stopServer(installation, dataDirectory);
  } catch (cause) {
    const message = `A Postgres of an earlier run does not stop: end process ${lockFile.pid}.`;
    throw new StartupError(message, { cause });
  }
}

// The command line of a process, or nothing if there is no such process.
async function describeProcess(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const query = `(Get-CimInstance Win32_Process -Filter "ProcessId=${pid}").CommandLine`;
  const command: [string, string[]] =
    process.platform === 'win32'
      ? ['powershell', ['-NoProfile', '-Command', query]]
      : ['ps', ['-ww', '-o', 'command=', '-p', String(pid)]];
  return run(...command).then(
    ({ stdout }) => stdout,
    () => '',
  );
}
