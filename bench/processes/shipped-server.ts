import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findFreePort } from '../../src/latchkey/platform/database/embedded/postgres-process.js';
import { HttpClient } from '../load/http-client.js';

const run = promisify(execFile);
const PROJECT = new URL('../../', import.meta.url);
const PROGRAM = 'dist/main.js';
const BETWEEN_PROBES_MILLISECONDS = 5;
const START_MILLISECONDS = 60_000;
const BYTES_PER_KIBIBYTE = 1_024;

/** The service as `npm run start:prod` starts it, with nothing of ours in it. */
export class ShippedServer {
  private constructor(
    private readonly child: ChildProcess,
    readonly origin: string,
    /** From the start of the process to the first 200 of `/health/ready`. */
    readonly millisecondsToReady: number,
  ) {}

  static async start(
    env: Readonly<Record<string, string>>,
    directory?: string,
  ): Promise<ShippedServer> {
    const port = await findFreePort();
    const origin = `http://127.0.0.1:${port}`;
    const parameters = await productionParameters();
    const startedAt = performance.now();
    const child = spawn(process.execPath, parameters, {
      cwd: directory,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env, PORT: String(port) },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    try {
      await becomesReady(origin, child);
    } catch (error) {
      child.kill('SIGTERM');
      throw error;
    }
    return new ShippedServer(child, origin, performance.now() - startedAt);
  }

  /** Of the service itself, and of what it has started: the process that hashes passwords. */
  async residentMegabytes(): Promise<{ service: number; hashing: number }> {
    const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,rss=']);
    const processes = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
    const sum = (chosen: number[][]) =>
      chosen.reduce((kibibytes, [, , rss = 0]) => kibibytes + rss, 0) * (BYTES_PER_KIBIBYTE / 1e6);
    return {
      service: sum(processes.filter(([pid]) => pid === this.child.pid)),
      hashing: sum(processes.filter(([, parent]) => parent === this.child.pid)),
    };
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exited;
  }
}

async function productionParameters(): Promise<string[]> {
  const manifest = JSON.parse(await readFile(new URL('package.json', PROJECT), 'utf8'));
  const [, ...parameters] = String(manifest.scripts['start:prod']).split(' ');
  if (parameters.at(-1) !== PROGRAM) throw new Error(`start:prod does not run ${PROGRAM}.`);
  return [...parameters.slice(0, -1), fileURLToPath(new URL(PROGRAM, PROJECT))];
}

async function becomesReady(origin: string, child: ChildProcess): Promise<void> {
  const client = new HttpClient();
  const deadline = performance.now() + START_MILLISECONDS;
  const request = { origin, method: 'GET', path: '/health/ready' } as const;
  while (child.exitCode === null && performance.now() < deadline) {
    const answer = await client.send(request).catch(() => null);
    if (answer?.status === 200) return client.close();
    await pause(BETWEEN_PROBES_MILLISECONDS);
  }
  throw new Error('The service did not become ready.');
}
