import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Signals a process and everything below it, the root first so that it starts nothing new. */
export async function signalTree(root: number, signal: NodeJS.Signals): Promise<void> {
  const children = signal === 'SIGKILL' ? await findChildren(root) : [];
  sendSignal(root, signal);
  const pids = [...new Set([...children, ...(await findChildren(root))])];
  for (const pid of pids) sendSignal(pid, signal);
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The processes that a process has started itself. */
export async function findChildren(root: number): Promise<number[]> {
  const processes = process.platform === 'linux' ? await readProcesses() : await listProcesses();
  return processes.filter(({ parent }) => parent === root).map(({ pid }) => pid);
}

interface ProcessEntry {
  pid: number;
  parent: number;
}

// A slim Linux image has no `ps`.
async function readProcesses(): Promise<ProcessEntry[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      const [, parent] = status.slice(status.lastIndexOf(')') + 2).split(' ');
      return { pid: Number(pid), parent: Number(parent) };
    }),
  );
}

async function listProcesses(): Promise<ProcessEntry[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
  return stdout.split('\n').map((line) => {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    return { pid: pid ?? 0, parent: parent ?? 0 };
  });
}
