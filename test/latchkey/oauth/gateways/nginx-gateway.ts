import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freshDirectory } from '../../../support/service-process.js';
import { type Behind, type RunningGateway, withAddresses } from './gateway-kind.js';
import { GatewayProcess, onFreePort } from './gateway-process.js';

const EXAMPLE = 'examples/gateways/nginx';
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
    include service.conf;
  }
`;

export function startNginx(program: string, behind: Behind): Promise<RunningGateway> {
  return onFreePort(async (port) => {
    const example = await readFile(`${EXAMPLE}/nginx.conf`, 'utf8');
    return runNginx(program, behind, port, withAddresses(example, behind, port), (directory) =>
      cp(`${EXAMPLE}/latchkey`, join(directory, 'latchkey'), { recursive: true }),
    );
  });
}

/** @param service what its configuration says inside `http`; it must lead `/public/` to the service */
export async function runNginx(
  program: string,
  behind: Behind,
  port: number,
  service: string,
  prepare: (directory: string) => Promise<void> = async () => undefined,
): Promise<RunningGateway> {
  const directory = await freshDirectory();
  await writeFile(join(directory.path, 'service.conf'), service);
  await writeFile(join(directory.path, 'nginx.conf'), AROUND);
  await prepare(directory.path);
  const origin = `http://127.0.0.1:${port}`;
  const command = [program, '-p', directory.path, '-c', 'nginx.conf', '-e', 'stderr'];
  const running = await GatewayProcess.start(command, directory, origin, behind);
  return { origin, stop: () => running.stop() };
}
