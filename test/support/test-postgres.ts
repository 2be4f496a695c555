import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  initialiseCluster,
  writePrivateFile,
} from '../../src/latchkey/platform/database/embedded/postgres-cluster.js';
import {
  findPostgresInstallation,
  type PostgresInstallation,
} from '../../src/latchkey/platform/database/embedded/postgres-installation.js';
import { PostgresProcess } from '../../src/latchkey/platform/database/embedded/postgres-process.js';
import { signalTree } from './process-tree.js';
import { watchOver } from './watchdog.js';

// Without fsync a commit still outlives the death of every process, only not that of the machine.
const SETTINGS = ['fsync=off', 'full_page_writes=off', 'max_connections=300', 'max_wal_size=256MB'];

/** A Postgres of its own for a test to stop, pause and kill. Its address never changes. */
export class TestPostgres {
  private stopWatching = () => {};

  private constructor(
    private readonly directory: string,
    private readonly installation: PostgresInstallation,
    private readonly password: string,
    private server: PostgresProcess,
  ) {
    this.watch();
  }

  static async start(): Promise<TestPostgres> {
    const directory = await realpath(await mkdtemp(join(tmpdir(), 'latchkey-postgres-')));
    const installation = await findPostgresInstallation(directory);
    const { account } = installation;
    if (account) await chown(directory, account.uid, account.gid);
    const password = randomBytes(24).toString('base64url');
    const passwordFile = join(directory, 'password');
    await writePrivateFile(passwordFile, password, installation);
    await initialiseCluster(installation, join(directory, 'data'), passwordFile, ['--no-sync']);
    const server = await startServer(installation, directory);
    return new TestPostgres(directory, installation, password, server);
  }

  /** The superuser's address, without a database. */
  get url(): string {
    return `postgres://postgres:${this.password}@127.0.0.1:${this.server.port}`;
  }

  /** Ends the server and removes its files. */
  async stop(): Promise<void> {
    await this.resume();
    await this.server.stop();
    this.stopWatching();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** Freezes the server: connections stay open, and nothing answers. */
  async pause(): Promise<void> {
    await signalTree(this.server.pid, 'SIGSTOP');
  }

  async resume(): Promise<void> {
    await signalTree(this.server.pid, 'SIGCONT');
  }

  /** Ends the server without a warning to anyone. Committed data is there again after a restart. */
  async kill(): Promise<void> {
    await signalTree(this.server.pid, 'SIGKILL');
    await this.server.ended();
  }

  /** Stops the server if it runs, and starts it on the same data and the same port. */
  async restart(): Promise<void> {
    await this.server.stop();
    this.stopWatching();
    this.server = await startServer(this.installation, this.directory, this.server.port);
    this.watch();
  }

  private watch(): void {
    this.stopWatching = watchOver(this.server.pid, this.directory);
  }
}

function startServer(installation: PostgresInstallation, directory: string, port?: number) {
  return PostgresProcess.start({
    installation,
    dataDirectory: join(directory, 'data'),
    logFile: join(directory, 'log'),
    settings: SETTINGS,
    port,
  });
}
