import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { signalTree } from '../support/process-tree.js';
import { freshDirectory } from '../support/service-process.js';
import { watchOver } from '../support/watchdog.js';

/** A gateway's program, running in a directory of its own. */
export class GatewayProcess {
  private output = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly removeDirectory: () => Promise<void>,
    private readonly stopWatching: () => void,
  ) {
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      this.output += text;
    });
  }

  /** Waits until it answers at this origin, whatever the answer. */
  static async start(
    command: readonly string[],
    directory: Awaited<ReturnType<typeof freshDirectory>>,
    origin: string,
  ): Promise<GatewayProcess> {
    const [program = '', ...args] = command;
    const child = spawn(program, args, {
      cwd: directory.path,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const stopWatching = watchOver(child.pid ?? 0, directory.path);
    const gateway = new GatewayProcess(child, directory.remove, stopWatching);
    await eventually(
      () =>
        fetch(`${origin}/public/`).catch((error) => {
          if (child.exitCode === null) throw error;
        }),
      { within: 10 },
    );
    if (child.exitCode !== null) throw new Error(`${program} ended: ${gateway.output}`);
    return gateway;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async stop(): Promise<void> {
    const closed = once(this.child, 'close');
    await signalTree(this.pid, 'SIGKILL');
    await closed;
    this.stopWatching();
    await this.removeDirectory();
  }
}

/** Where a program is, on the PATH or where Debian puts such programs; null when it is nowhere. */
export function findProgram(name: string): string | null {
  const directories = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return directories.map((directory) => join(directory, name)).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
