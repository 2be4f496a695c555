import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../../src/database/postgres-process.js';
import { freshDirectory } from '../support/service-process.js';
import { type Behind, type RunningGateway, withAddresses } from './gateway-kind.js';
import { GatewayProcess } from './gateway-process.js';

const EXAMPLE = 'examples/gateways/haproxy';

/** HAProxy asking Latchkey about every request. */
export async function startHaproxy(program: string, behind: Behind): Promise<RunningGateway> {
  const directory = await freshDirectory();
  const port = await findFreePort();
  for (const name of ['sub-request.cfg', 'latchkey.lua']) {
    const text = await readFile(`${EXAMPLE}/${name}`, 'utf8');
    await writeFile(join(directory.path, name), withAddresses(text, behind, port));
  }
  const origin = `http://127.0.0.1:${port}`;
  const command = [program, '-db', '-f', 'sub-request.cfg'];
  const running = await GatewayProcess.start(command, directory, origin);
  return { origin, stop: () => running.stop() };
}
