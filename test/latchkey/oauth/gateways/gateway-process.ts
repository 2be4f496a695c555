import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { findFreePort } from '../../../../src/latchkey/platform/database/embedded/postgres-process.js';
import { eventually } from '../../../support/eventually.js';
import { signalTree } from '../../../support/process-tree.js';
import { freshDirectory } from '../../../support/service-process.js';
import { watchOver } from '../../../support/watchdog.js';
import type { Behind } from './gateway-kind.js';

const START_ATTEMPTS = 3;

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

  /**
   * Waits until it leads to the service. Between being found free and being taken a port may have
   * become another's, whose answers count for nothing.
   */
  static async start(
    command: readonly string[],
    directory: Awaited<ReturnType<typeof freshDirectory>>,
    origin: string,
    { service }: Behind,
  ): Promise<GatewayProcess> {
    const [program = '', ...args] = command;
    const child = spawn(program, args, {
      cwd: directory.path,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const stopWatching = watchOver(child.pid ?? 0, directory.path);
    const gateway = new GatewayProcess(child, directory.remove, stopWatching);
    const probe = async () => {
      if (child.exitCode !== null) return;
      const { headers } = await fetch(`${origin}/public/`);
      if (headers.get('x-served-by') !== service) throw new Error(`${origin} is another's.`);
    };
    await eventually(probe, { within: 10 });
    if (child.exitCode === null) return gateway;
    await gateway.stop();
    throw new Error(`${program} ended: ${gateway.output}`);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      const closed = once(this.child, 'close');
      await signalTree(this.pid, 'SIGKILL');
      await closed;
    }
    this.stopWatching();
    await this.removeDirectory();
  }
}

/** Tries again on another port if a gateway does not start: the port may have been taken. */
export async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await findFreePort());
    } catch (error) {
      if (attempt === START_ATTEMPTS) throw error;
    }
  }
}
