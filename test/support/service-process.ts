import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient } from './api-client.js';
import { ISSUER } from './test-app.js';
import { watchOver } from './watchdog.js';

const MAIN = join(process.cwd(), 'dist/main.js');

const CHEAP_ENOUGH_FOR_TESTS = {
  NODE_ENV: 'test',
  LOG_LEVEL: 'warn',
  PORT: '0',
  JWT_ISSUER: ISSUER,
  APP_SECRETS: 'the tests run with this text and nothing else does 0123456789',
  ARGON2_MEMORY_KIB: '64',
  ARGON2_TIME_COST: '1',
  HASHING_QUEUE: '1000',
  THROTTLING: 'off',
};

/** The built service as an operator runs it: a process of its own, to be looked at and killed. */
export class ServiceProcess {
  readonly api: ApiClient;

  private constructor(
    private readonly child: ChildProcess,
    private readonly output: string[],
    private readonly stopWatching: () => void,
    readonly origin: string,
  ) {
    this.api = new ApiClient(origin);
  }

  static async start(env: Record<string, string>): Promise<ServiceProcess> {
    const directory = await mkdtemp(join(tmpdir(), 'latchkey-service-'));
    const child = spawn(process.execPath, [MAIN], {
      cwd: directory,
      env: { PATH: process.env.PATH, ...CHEAP_ENOUGH_FOR_TESTS, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stopWatching = watchOver(child.pid ?? 0, directory);
    const output: string[] = [];
    const origin = await new Promise<string>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        output.push(String(chunk));
        const port = /serves http:\/\/\S+?:(\d+)/.exec(output.join(''))?.[1];
        if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
      child.once('exit', () => reject(new Error(`The service ended: ${output.join('')}`)));
    });
    return new ServiceProcess(child, output, stopWatching, origin);
  }

  /** Everything that it has written, its log among it. */
  get log(): string {
    return this.output.join('');
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill(signal);
      await ended;
    }
    this.stopWatching();
  }
}
