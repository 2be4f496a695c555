import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { findPostgresAccount } from '../../src/latchkey/platform/database/embedded/postgres-account.js';
import { findFreePort } from '../../src/latchkey/platform/database/embedded/postgres-process.js';
import { eventually } from './eventually.js';
import { freshDirectory } from './service-process.js';
import { watchOver } from './watchdog.js';

/** A PgBouncer in transaction mode, with its own default for whatever else can be set. */
export class TestPgBouncer {
  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
    private readonly cleanUp: () => Promise<void>,
  ) {}

  /** @param url of the Postgres behind it, with the user and password that it lets in */
  static async start(program: string, url: string): Promise<TestPgBouncer> {
    const { username, password, port: server } = new URL(url);
    const port = await findFreePort();
    const directory = await freshDirectory();
    const file = (name: string, lines: readonly string[]) =>
      writeFile(join(directory.path, name), lines.join('\n'));
    await file('users', [`"${username}" "${password}"`]);
    await file('settings', [
      '[databases]',
      `* = host=127.0.0.1 port=${server}`,
      '[pgbouncer]',
      'pool_mode = transaction',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      `auth_file = ${directory.path}/users`,
    ]);
    // It refuses to run as root, as Postgres does.
    const account = await findPostgresAccount(directory.path);
    const child = spawn(program, ['settings'], {
      cwd: directory.path,
      stdio: 'ignore',
      ...account,
    });
    const stopWatching = watchOver(child.pid ?? 0, directory.path);
    const bouncer = new TestPgBouncer(port, child, async () => {
      stopWatching();
      await directory.remove();
    });
    const address = bouncer.lead(url);
    await eventually(() => accepts(address), { within: 10 }).catch(async (error) => {
      await bouncer.stop();
      throw error;
    });
    return bouncer;
  }

  /** The address by way of this. */
  lead(url: string): string {
    return Object.assign(new URL(url), { port: this.port }).href;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGKILL');
      await ended;
    }
    await this.cleanUp();
  }
}

async function accepts(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.end();
}
