import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../../src/latchkey/platform/database/embedded/postgres-process.js';
import { eventually } from './eventually.js';
import { freshDirectory } from './service-process.js';
import { watchOver } from './watchdog.js';

/** nginx before several instances, as docs/deploying.md sets it. One process, so that none is left over. */
const settings = (port: number, upstreams: readonly string[]) => `
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
    upstream latchkey {
      ${upstreams.map((host) => `server ${host} max_fails=0;`).join('\n      ')}
      keepalive 16;
    }
    server {
      listen 127.0.0.1:${port};
      location / {
        proxy_pass http://latchkey;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
      }
    }
  }
`;

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
    await writeFile(join(directory.path, 'nginx.conf'), settings(port, hosts));
    const child = spawn(program, ['-p', directory.path, '-c', 'nginx.conf', '-e', 'stderr'], {
      stdio: 'ignore',
    });
    const stopWatching = watchOver(child.pid ?? 0, directory.path);
    const balancer = new NginxBalancer(`http://127.0.0.1:${port}`, child, async () => {
      stopWatching();
      await directory.remove();
    });
    await eventually(() => fetch(`${balancer.origin}/health/live`), { within: 10 });
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
