import { spawn } from 'node:child_process';

const SCRIPT = `
  const [pid, directory] = process.argv.slice(1);
  process.stdin.resume().on('end', () => {
    try { process.kill(Number(pid), 'SIGKILL'); } catch {}
    if (directory) require('node:fs').rmSync(directory, { recursive: true, force: true, maxRetries: 20 });
    process.exit();
  });
`;

/**
 * Ends a server when this process ends, even by `kill -9`: the operating system then closes the
 * watchdog's standard input. Returns a function that calls it off.
 *
 * @param directory removed as well; null where the server runs in a folder that is to stay
 */
export function watchOver(pid: number, directory: string | null): () => void {
  const watchdog = spawn(process.execPath, ['-e', SCRIPT, String(pid), directory ?? ''], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.unref();
  return () => void watchdog.kill('SIGKILL');
}
