import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '../../errors/startup-error.js';

// What macOS allows, less a margin; Linux allows a little more.
const MAX_SOCKET_PATH_BYTES = 100;
const ATTEMPTS = 3;

/**
 * Lets one process at a time own a data directory. The lock is a listening socket, so the
 * operating system frees it however its owner ends, and a reused process id cannot hold it.
 */
export class DataDirectoryLock {
  private constructor(private readonly server: Server) {}

  /** Throws a StartupError if another process holds the lock of this existing directory. */
  static async acquire(directory: string): Promise<DataDirectoryLock> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const server = await tryToHold(await realpath(directory));
      if (server) return new DataDirectoryLock(server);
      // Two simultaneous starts refuse each other: a random pause lets one of them win.
      await delay(Math.random() * 100);
    }
    throw new StartupError(
      `Another Latchkey is running on ${directory}: stop it, ` +
        'or set DATABASE_URL to a Postgres that both may use.',
    );
  }

  async release(): Promise<void> {
    await close(this.server);
  }
}

async function tryToHold(directory: string): Promise<Server | null> {
  const hash = createHash('sha256').update(directory).digest('hex').slice(0, 16);
  return process.platform === 'win32' ? holdPipe(hash) : holdSocket(directory, hash);
}

async function holdPipe(hash: string): Promise<Server | null> {
  return listen(`\\\\.\\pipe\\latchkey-${hash}`).catch(() => null);
}

// Each starter first listens on a socket of its own and then looks for others. So of two starters
// at least one sees the other, and a stale socket is removed without a moment in which a live
// one could be taken for it.
async function holdSocket(directory: string, hash: string): Promise<Server | null> {
  const prefix = `latchkey-${hash}-`;
  const name = `${prefix}${randomBytes(4).toString('hex')}.sock`;
  const fits = Buffer.byteLength(join(directory, name)) <= MAX_SOCKET_PATH_BYTES;
  const folder = fits ? directory : tmpdir();
  const server = await listen(join(folder, name));
  for (const other of await readdir(folder)) {
    if (!other.startsWith(prefix) || other === name) continue;
    if (await answers(join(folder, other))) {
      await close(server);
      return null;
    }
    await rm(join(folder, other), { force: true });
  }
  return server;
}

async function listen(path: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  server.unref();
  server.listen(path);
  await once(server, 'listening');
  return server;
}

async function answers(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code !== 'ECONNREFUSED' && code !== 'ENOENT';
  } finally {
    socket.destroy();
  }
}

async function close(server: Server): Promise<void> {
  await new Promise((resolve) => server.close(resolve));
}
