import { randomBytes } from 'node:crypto';
import {
  access,
  constants,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
} from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { StartupError } from '../../errors/startup-error.js';
import { DataDirectoryLock } from './data-directory-lock.js';
import { prepareHome } from './embedded-postgres-home.js';
import { stopLeftoverServer } from './leftover-server.js';
import { initialiseCluster, readServerLockFile, writePrivateFile } from './postgres-cluster.js';
import { findPostgresInstallation, type PostgresInstallation } from './postgres-installation.js';
import { PostgresProcess } from './postgres-process.js';

const DATABASE = 'latchkey';
const UNFINISHED = 'unfinished-';
const REMOVE_ALL = { recursive: true, force: true };

export interface EmbeddedPostgresOptions {
  /** Created if missing. The data is kept in its folder `postgres`. */
  directory: string;
  /** Receives lines for the person who starts the service. They never hold the password. */
  log: (line: string) => void;
}

/**
 * The Postgres of a first start: real server programs, one data directory, a random password and a
 * free port of 127.0.0.1. Committed data outlives a stop, a `kill -9` of this process and a
 * crash in the middle of the first start. For production, run a Postgres of your own.
 */
export class EmbeddedPostgres {
  readonly #url: string;

  private constructor(
    private readonly server: PostgresProcess,
    private readonly lock: DataDirectoryLock,
    url: string,
  ) {
    this.#url = url;
  }

  /**
   * Resolves once the server accepts connections and the database `latchkey` exists. Throws a
   * StartupError if another Latchkey owns the directory, or if Postgres cannot run here.
   */
  static async start({ directory, log }: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    await createDirectory(directory);
    const lock = await DataDirectoryLock.acquire(directory);
    try {
      const { server, url } = await startServer(await realpath(directory), log);
      return new EmbeddedPostgres(server, lock, url);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /**
   * The address of the server that another Latchkey runs on the directory, or null if none does:
   * for a command line beside a running service.
   */
  static async findRunning(directory: string): Promise<string | null> {
    const home = join(directory, 'postgres');
    const lockFile = await readServerLockFile(join(home, 'data'));
    if (lockFile?.status !== 'ready') return null;
    const url = addressOf(await readFile(join(home, 'password'), 'utf8'), lockFile.port);
    return (await accepts(url)) ? url : null;
  }

  /** The address of the database `latchkey`, with the password: not for logs. */
  get url(): string {
    return this.#url;
  }

  /** Closes every connection, stops the server and frees the directory. Safe to call twice. */
  async stop(): Promise<void> {
    await this.server.stop();
    await this.lock.release();
  }
}

async function createDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
  } catch (cause) {
    const message = `${directory} cannot be written: make it writable, or set DATABASE_URL.`;
    throw new StartupError(message, { cause });
  }
}

async function startServer(directory: string, log: (line: string) => void) {
  const installation = await findPostgresInstallation(directory);
  const home = await prepareHome(directory, installation.account);
  const dataDirectory = join(home, 'data');
  const passwordFile = join(home, 'password');
  if (await exists(dataDirectory)) {
    await stopLeftoverServer(installation, dataDirectory, log);
  } else {
    log(`Creating a database in ${home}`);
    await createCluster(installation, home, passwordFile);
  }
  const logFile = join(home, 'log');
  const server = await PostgresProcess.start({ installation, dataDirectory, logFile });
  try {
    const password = await readFile(passwordFile, 'utf8');
    await createDatabase(addressOf(password, server.port, 'postgres'));
    return { server, url: addressOf(password, server.port) };
  } catch (cause) {
    await server.stop();
    const advice = `Delete ${home} to start with an empty database, or set DATABASE_URL.`;
    throw new StartupError(`The embedded Postgres cannot be used. ${advice}`, { cause });
  }
}

// Under another name until it is complete: a crash leaves nothing that looks like a cluster. And
// a name of its own, since the initdb of a killed process may still be writing to the last one.
async function createCluster(
  installation: PostgresInstallation,
  home: string,
  passwordFile: string,
): Promise<void> {
  for (const name of await readdir(home)) {
    if (name.startsWith(UNFINISHED)) await rm(join(home, name), REMOVE_ALL).catch(() => undefined);
  }
  const unfinished = join(home, `${UNFINISHED}${randomBytes(4).toString('hex')}`);
  await writePrivateFile(passwordFile, randomBytes(24).toString('base64url'), installation);
  await initialiseCluster(installation, unfinished, passwordFile);
  await rename(unfinished, join(home, 'data'));
}

async function createDatabase(address: string): Promise<void> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}

function addressOf(password: string, port: number, database = DATABASE): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
}

async function accepts(address: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: address });
  client.on('error', () => undefined);
  return client.connect().then(
    () => client.end().then(() => true),
    () => false,
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
