import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { findFreePort } from '../../src/latchkey/platform/database/embedded/postgres-process.js';
import { findRedisServer } from './redis-binary.js';
import { watchOver } from './watchdog.js';

const START_ATTEMPTS = 3;

/** A Redis of its own for a test to flush, stop, pause and kill. Its address never changes. */
export class TestRedis {
  private stopWatching = () => {};

  private constructor(
    private readonly binary: string,
    private readonly directory: string,
    readonly port: number,
    private server: ChildProcess,
  ) {
    this.watch();
  }

  static async start(): Promise<TestRedis> {
    const binary = await findRedisServer();
    const directory = await mkdtemp(join(tmpdir(), 'latchkey-redis-'));
    for (let attempt = 1; ; attempt++) {
      const port = await findFreePort();
      try {
        return new TestRedis(binary, directory, port, await startServer(binary, directory, port));
      } catch (error) {
        if (attempt === START_ATTEMPTS) throw error;
      }
    }
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Ends the server and removes its files. */
  async stop(): Promise<void> {
    await this.kill();
    this.stopWatching();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** Freezes the server: connections stay open, and nothing answers. */
  async pause(): Promise<void> {
    this.server.kill('SIGSTOP');
  }

  async resume(): Promise<void> {
    this.server.kill('SIGCONT');
  }

  /** Ends the server without a warning to anyone. It keeps nothing. */
  async kill(): Promise<void> {
    if (hasEnded(this.server)) return;
    const ended = once(this.server, 'exit');
    this.server.kill('SIGKILL');
    await ended;
  }

  /** Ends the server if it runs, and starts an empty one on the same port. */
  async restart(): Promise<void> {
    await this.kill();
    this.stopWatching();
    this.server = await startServer(this.binary, this.directory, this.port);
    this.watch();
  }

  async flush(): Promise<void> {
    await this.command('FLUSHALL');
  }

  /** Copies the server at this port from now on, and has all that it holds when this resolves. */
  async replicate(masterPort: number): Promise<void> {
    await this.command('REPLICAOF', '127.0.0.1', String(masterPort));
    for (;;) {
      const replication = String(await this.command('INFO', 'replication'));
      if (/master_link_status:up/.test(replication)) return;
      await pause(20);
    }
  }

  /** Makes a master of a replica. */
  async promote(): Promise<void> {
    await this.command('REPLICAOF', 'NO', 'ONE');
  }

  async command(name: string, ...args: string[]): Promise<unknown> {
    const client = new Redis(this.url);
    return client.call(name, ...args).finally(() => client.disconnect());
  }

  private watch(): void {
    this.stopWatching = watchOver(this.server.pid ?? 0, this.directory);
  }
}

async function startServer(binary: string, dir: string, port: number): Promise<ChildProcess> {
  const options = { port, bind: '127.0.0.1', dir, save: '', appendonly: 'no', logfile: '' };
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = spawn(binary, flags, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  server.unref();
  let output = '';
  for await (const chunk of server.stdout) {
    output += chunk;
    if (/ready to accept connections/i.test(output)) break;
  }
  if (/ready to accept connections/i.test(output)) return server;
  throw new Error(`The Redis of the tests does not start: ${output}`);
}

function hasEnded(server: ChildProcess): boolean {
  return server.exitCode !== null || server.signalCode !== null;
}
