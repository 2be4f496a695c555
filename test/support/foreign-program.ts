import { findFreePort } from '../../src/latchkey/platform/database/embedded/postgres-process.js';
import { eventually } from './eventually.js';
import { type ProcessEnvironment, ServiceProcess } from './service-process.js';

const START_SECONDS = 30;

/** A program of `test/foreign/programs` that serves, in a process of its own. It has to say `serves` once it does. */
export class ForeignProgram {
  private constructor(
    private readonly process: ServiceProcess,
    readonly origin: string,
  ) {}

  /** @param env what it is told besides `PORT` */
  static async serve(
    name: string,
    env: ProcessEnvironment,
    port?: number,
  ): Promise<ForeignProgram> {
    port ??= await findFreePort();
    const args = [`test/foreign/programs/${name}.mjs`];
    const process = ServiceProcess.run(args, globalThis.process.cwd(), {
      ...env,
      PORT: String(port),
    });
    await eventually(
      () => {
        if (!process.hasEnded && !process.output.includes('serves')) throw new Error('Not yet.');
      },
      { within: START_SECONDS },
    );
    if (process.hasEnded) throw new Error(`${name} ended: ${(await process.ended()).errors}`);
    return new ForeignProgram(process, `http://127.0.0.1:${port}`);
  }

  /** What it has said on its standard output. */
  get output(): string {
    return this.process.output;
  }

  async stop(): Promise<void> {
    await this.process.destroy();
  }
}
