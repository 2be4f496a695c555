import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const SCRIPT = `
  const [path, directory] = process.argv.slice(1);
  const { EmbeddedPostgres } = await import(path);
  const database = await EmbeddedPostgres.start({ directory, log: () => {} });
  console.log(database.url);
  setInterval(() => {}, 1000);
`;

/** Another process that has started the embedded Postgres of the built service and keeps it. */
export class DatabaseOwner {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(directory: string): Promise<DatabaseOwner> {
    const path = join(
      process.cwd(),
      'dist/latchkey/platform/database/embedded/embedded-postgres.js',
    );
    const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, path, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    if (child.exitCode !== null) throw new Error('The database owner ended: is dist/ built?');
    return new DatabaseOwner(child, String(line).trim());
  }

  async kill(): Promise<void> {
    if (this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}
