import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { StartupError } from '../../errors/startup-error.js';
import { findReason, readServerLockFile } from './postgres-cluster.js';
import { type PostgresInstallation, processOptions } from './postgres-installation.js';

const run = promisify(execFile);

const START_ATTEMPTS = 10;
const START_TIMEOUT_MS = 60_000;
// A port taken meanwhile, or the last children of a killed server that have not ended yet.
const PASSING_FAILURE = /could not bind|pre-existing shared memory block/;

export interface PostgresProcessOptions {
  installation: PostgresInstallation;
  dataDirectory: string;
  logFile: string;
  /** Such as `fsync=off`. */
  settings?: string[];
  /** A free one by default. */
  port?: number;
}

/** A Postgres server on 127.0.0.1, in a session of its own: a Ctrl-C reaches only its parent. */
export class PostgresProcess {
  private constructor(
    private readonly options: PostgresProcessOptions,
    private readonly child: ChildProcess,
    readonly pid: number,
    readonly port: number,
  ) {}

  /** Resolves once the server accepts connections. Throws a StartupError if it does not start. */
  static async start(options: PostgresProcessOptions): Promise<PostgresProcess> {
    for (let attempt = 1; ; attempt++) {
      const port = options.port ?? (await findFreePort());
      const child = await spawnServer(options, port);
      const pid = child.pid ?? 0;
      if (await becomesReady(child, options.dataDirectory)) {
        return new PostgresProcess(options, child, pid, port);
      }
      const log = await readFile(options.logFile, 'utf8');
      if (attempt === START_ATTEMPTS || !PASSING_FAILURE.test(log)) {
        throw new StartupError(`The embedded Postgres does not start: ${findReason(log)}`);
      }
      await delay(200);
    }
  }

  /** Resolves once the server has ended: its connections are closed and its data is on disk. */
  async stop(): Promise<void> {
    if (hasEnded(this.child)) return;
    const ended = this.ended();
    await stopServer(this.options.installation, this.options.dataDirectory);
    await ended;
  }

  /** Resolves once the server has ended, for whatever reason. */
  async ended(): Promise<void> {
    if (hasEnded(this.child)) return;
    // A process that has nothing else left to do must not end before the server has.
    this.child.ref();
    await once(this.child, 'exit');
  }
}

/**
 * Stops the server on this data directory, also when another process started it: by a fast
 * shutdown, or else by SIGKILL.
 */
export async function stopServer(
  installation: PostgresInstallation,
  dataDirectory: string,
): Promise<void> {
  const stop = ['stop', '-D', dataDirectory, '-w', '-t', '20', '-m'];
  const options = processOptions(installation);
  await run(installation.pgCtl, [...stop, 'fast'], options).catch(() =>
    run(installation.pgCtl, [...stop, 'immediate'], options),
  );
}

/** A TCP port of 127.0.0.1 that nothing listens on at the moment. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

async function spawnServer(options: PostgresProcessOptions, port: number): Promise<ChildProcess> {
  const { installation, dataDirectory, logFile, settings = [] } = options;
  const network = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories='];
  // Less than `log` would keep the statements that fail, and grow without end.
  const all = [...network, 'log_min_messages=log', ...settings];
  const log = await open(logFile, 'w', 0o600);
  try {
    const child = spawn(
      installation.postgres,
      ['-D', dataDirectory, ...all.flatMap((setting) => ['-c', setting])],
      {
        ...processOptions(installation),
        detached: true,
        windowsHide: true,
        stdio: ['ignore', log.fd, log.fd],
      },
    );
    await once(child, 'spawn');
    endWithThisProcess(child);
    return child;
  } finally {
    await log.close();
  }
}

// For a process that exits without having called `stop()`.
function endWithThisProcess(child: ChildProcess): void {
  const interrupt = () => child.kill('SIGINT');
  process.once('exit', interrupt);
  child.once('exit', () => process.off('exit', interrupt));
  child.unref();
}

// The server itself notes in its lock file when it is ready.
async function becomesReady(child: ChildProcess, dataDirectory: string): Promise<boolean> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!hasEnded(child) && Date.now() < deadline) {
    const lockFile = await readServerLockFile(dataDirectory);
    if (lockFile?.pid === child.pid && lockFile?.status === 'ready') return true;
    await delay(20);
  }
  child.kill('SIGINT');
  return false;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
