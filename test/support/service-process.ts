import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from './eventually.js';
import { signalTree } from './process-tree.js';
import { program } from './programs/program.js';
import { watchOver } from './watchdog.js';

const START_SECONDS = 60;

/** The directories that the tests have made. A program may also run in the clone, which stays. */
const made = new Set<string>();

export type ProcessEnvironment = Readonly<Record<string, string | undefined>>;

export interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

/** A program in a process of its own, as somebody runs it who has just cloned. */
export class ServiceProcess {
  private stdout = '';
  private stderr = '';
  private readonly stopWatching: () => void;

  private constructor(
    private readonly child: ChildProcess,
    directory: string,
  ) {
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      this.stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      this.stderr += text;
    });
    this.stopWatching = watchOver(this.pid, made.has(directory) ? directory : null);
  }

  /** @param args of node: the program, by its path from the root of the project, and its arguments */
  static run(args: readonly string[], directory: string, env: ProcessEnvironment, input = '') {
    const [first = '', ...rest] = args;
    const program = first.startsWith('-') ? first : resolve(first);
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, [program, ...rest], {
      cwd: directory,
      env: { PATH, HOME, ...env },
      stdio: 'pipe',
    });
    child.stdin.end(input);
    return new ServiceProcess(child, directory);
  }

  /** Starts the service and waits until it says where it serves. */
  static async serve(
    directory: string,
    env: ProcessEnvironment,
    command?: readonly string[],
  ): Promise<ServiceProcess> {
    const service = ServiceProcess.run(command ?? [await program('main')], directory, env);
    await eventually(
      () => {
        const serves = service.output.includes('Latchkey serves');
        if (!serves && !service.hasEnded) throw new Error(`It does not serve: ${service.output}`);
      },
      { within: START_SECONDS },
    );
    if (service.hasEnded) throw new Error(`Is dist/ built? It ended: ${service.stderr}`);
    return service;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get output(): string {
    return this.stdout;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Where it says that it serves. */
  get origin(): string {
    return /Latchkey serves (\S+)/.exec(this.stdout)?.[1] ?? '';
  }

  /** Tells it to stop, and waits until it has. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.child.kill(signal);
    return this.ended();
  }

  async ended(): Promise<Ended> {
    if (!this.hasEnded) await once(this.child, 'close');
    this.stopWatching();
    return { exitCode: this.child.exitCode, output: this.stdout, errors: this.stderr };
  }

  /** Ends it and everything that it started, at once. For the end of a test. */
  async destroy(): Promise<void> {
    if (!this.hasEnded) await signalTree(this.pid, 'SIGKILL');
    await this.ended();
  }
}

/** An empty directory which the account of Postgres can enter as well. */
export async function freshDirectory(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'latchkey-clone-')));
  await chmod(path, 0o755);
  made.add(path);
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 20 }) };
}
