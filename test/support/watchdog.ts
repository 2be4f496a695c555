import { spawn } from 'node:child_process';

/** A shell's: Node would take forty times as long to start. What was killed may still write for a moment. */
const SCRIPT = `
  read -r _
  kill -9 "$0"
  [ -z "$1" ] && exit
  for _ in 1 2 3 4 5 6 7 8 9 10; do rm -rf -- "$1" && exit; sleep 0.1; done
`;

/**
 * Ends a server when this process ends, even by `kill -9`: the operating system then closes the
 * watchdog's standard input. Returns a function that calls it off.
 *
 * @param directory removed as well; null where the server runs in a folder that is to stay
 */
export function watchOver(pid: number, directory: string | null): () => void {
  const watchdog = spawn('sh', ['-c', SCRIPT, String(pid), directory ?? ''], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.unref();
  return () => void watchdog.kill('SIGKILL');
}
