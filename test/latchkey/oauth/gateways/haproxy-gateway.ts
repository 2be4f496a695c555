import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freshDirectory } from '../../../support/service-process.js';
import { type Behind, type RunningGateway, withAddresses } from './gateway-kind.js';
import { GatewayProcess, onFreePort } from './gateway-process.js';

const EXAMPLE = 'examples/gateways/haproxy';

/** HAProxy asking Latchkey about every request. */
export function startHaproxy(program: string, behind: Behind): Promise<RunningGateway> {
  return onFreePort(async (port) => {
    const directory = await freshDirectory();
    for (const name of ['sub-request.cfg', 'latchkey.lua']) {
      const text = await readFile(`${EXAMPLE}/${name}`, 'utf8');
      await writeFile(join(directory.path, name), withAddresses(text, behind, port));
    }
    const origin = `http://127.0.0.1:${port}`;
    // -dR: two processes that were given the same port would share it.
    const command = [program, '-db', '-dR', '-f', 'sub-request.cfg'];
    const running = await GatewayProcess.start(command, directory, origin, behind);
    return { origin, stop: () => running.stop() };
  });
}
