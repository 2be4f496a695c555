import { execFile } from 'node:child_process';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { program as ofLatchkey } from '../../../support/programs/program.js';
import { freshDirectory } from '../../../support/service-process.js';
import { type Behind, type RunningGateway, withAddresses } from './gateway-kind.js';
import { GatewayProcess, onFreePort } from './gateway-process.js';

const EXAMPLE = 'examples/gateways/haproxy';

/** HAProxy verifying access tokens itself, by keys that update-keys.sh has fetched. */
export class VerifyingHaproxy implements RunningGateway {
  private constructor(
    readonly origin: string,
    readonly directory: string,
    private readonly environment: Behind['environment'],
    private readonly process: GatewayProcess,
  ) {}

  /** @param given the command line of Latchkey */
  static async start(program: string, behind: Behind, given?: string): Promise<VerifyingHaproxy> {
    const latchkey = given ?? (await commandLine());
    return onFreePort(async (port) => {
      const directory = await freshDirectory();
      const text = await readFile(`${EXAMPLE}/verify-itself.cfg`, 'utf8');
      const configuration = join(directory.path, 'verify-itself.cfg');
      await writeFile(configuration, withAddresses(text, behind, port));
      await copyFile(`${EXAMPLE}/update-keys.sh`, join(directory.path, 'update-keys.sh'));
      await runUpdate(directory.path, {
        ...behind.environment,
        LATCHKEY: latchkey,
        RELOAD: 'true',
      });
      const origin = `http://127.0.0.1:${port}`;
      // -dR: two processes that were given the same port would share it.
      const command = [program, '-W', '-dR', '-f', 'keys.cfg', '-f', 'verify-itself.cfg'];
      const process = await GatewayProcess.start(command, directory, origin, behind);
      return new VerifyingHaproxy(origin, directory.path, behind.environment, process);
    });
  }

  /**
   * As the system does every minute.
   *
   * @param commands in place of those that fetch and reload
   */
  async updateKeys(commands: { LATCHKEY?: string; RELOAD?: string } = {}): Promise<void> {
    const ours = { LATCHKEY: await commandLine(), RELOAD: `kill -USR2 ${this.process.pid}` };
    return runUpdate(this.directory, { ...this.environment, ...ours, ...commands });
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}

async function commandLine(): Promise<string> {
  return `${process.execPath} ${resolve(await ofLatchkey('cli'))}`;
}

async function runUpdate(directory: string, environment: Behind['environment']): Promise<void> {
  const { PATH, HOME } = process.env;
  await promisify(execFile)('sh', [join(directory, 'update-keys.sh')], {
    env: { PATH, HOME, ...environment },
  });
}
