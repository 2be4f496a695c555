import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freshDirectory } from '../support/service-process.js';
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
    const directory = await freshDirectory();
    const example = await readFile(`${EXAMPLE}/nginx.conf`, 'utf8');
    await writeFile(join(directory.path, 'service.conf'), withAddresses(example, behind, port));
    await writeFile(join(directory.path, 'nginx.conf'), AROUND);
    await cp(`${EXAMPLE}/latchkey`, join(directory.path, 'latchkey'), { recursive: true });
    const origin = `http://127.0.0.1:${port}`;
    const command = [program, '-p', directory.path, '-c', 'nginx.conf', '-e', 'stderr'];
    const running = await GatewayProcess.start(command, directory, origin, behind);
    return { origin, stop: () => running.stop() };
  });
}
