import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../../src/latchkey/platform/database/embedded/postgres-process.js';
import { eventually } from './eventually.js';
import { freshDirectory } from './service-process.js';
import { watchOver } from './watchdog.js';

const EXAMPLE = 'examples/proxies/nginx.conf';

/** What a system's own nginx.conf says around the example. One process, so that none is left over. */
const AROUND = `
  daemon off;
  master_process off;
  pid nginx.pid;
  error_log stderr;
  events {}
  http {
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    scgi_temp_path scgi;
    uwsgi_temp_path uwsgi;
    include latchkey.conf;
  }
`;

/** The example, with addresses of the test in place of its own. */
async function exampleFor(port: number, hosts: readonly string[]): Promise<string> {
  const [first = '', second = first] = hosts;
  return (await readFile(EXAMPLE, 'utf8'))
    .replace('127.0.0.1:3000', first)
    .replace('127.0.0.1:3001', second)
    .replace('127.0.0.1:8080', `127.0.0.1:${port}`);
}

/** nginx before two instances, as examples/proxies has it. */
export class NginxBalancer {
  private constructor(
    readonly origin: string,
    private readonly child: ChildProcess,
    private readonly cleanUp: () => Promise<void>,
  ) {}

  /** @param origins of the instances */
  static async start(program: string, origins: readonly string[]): Promise<NginxBalancer> {
    const port = await findFreePort();
    const directory = await freshDirectory();
    const hosts = origins.map((origin) => new URL(origin).host);
    await writeFile(join(directory.path, 'nginx.conf'), AROUND);
    await writeFile(join(directory.path, 'latchkey.conf'), await exampleFor(port, hosts));
    const child = spawn(program, ['-p', directory.path, '-c', 'nginx.conf', '-e', 'stderr'], {
      stdio: 'ignore',
    });
    const stopWatching = watchOver(child.pid ?? 0, directory.path);
    const balancer = new NginxBalancer(`http://127.0.0.1:${port}`, child, async () => {
      stopWatching();
      await directory.remove();
    });
    await eventually(() => fetch(`${balancer.origin}/.well-known/jwks.json`), { within: 10 });
    return balancer;
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
