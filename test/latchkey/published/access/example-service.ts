import { join } from 'node:path';
import { findFreePort } from '../../../../src/latchkey/platform/database/embedded/postgres-process.js';
import { eventually } from '../../../support/eventually.js';
import { type ProcessEnvironment, ServiceProcess } from '../../../support/service-process.js';
import type { ForeignProject } from './foreign-project.js';

const PUBLIC_PATH = '/orders/opening-hours';

/** An example, in a process of its own. */
export class ExampleService {
  private constructor(
    private readonly process: ServiceProcess,
    readonly origin: string,
    /** From the start of the process to its first answer. */
    readonly startMilliseconds: number,
  ) {}

  /** As somebody has it who has installed the package. */
  static start(project: ForeignProject, name: string, env: ProcessEnvironment) {
    return ExampleService.run([join(project.path, name, 'main.js')], project.path, env);
  }

  /** @param args of node */
  static async run(args: readonly string[], directory: string, env: ProcessEnvironment) {
    const port = String(await findFreePort());
    const origin = `http://127.0.0.1:${port}`;
    const startedAt = performance.now();
    const process = ServiceProcess.run(args, directory, { ...env, PORT: port });
    await eventually(() => fetch(origin + PUBLIC_PATH), { within: 20 });
    return new ExampleService(process, origin, performance.now() - startedAt);
  }

  get log(): string {
    return this.process.output;
  }

  stop() {
    return this.process.stop();
  }
}
