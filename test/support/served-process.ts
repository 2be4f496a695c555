import { ApiClient } from './api-client.js';
import { withIdTokenKeys } from './id-token-keys.js';
import { LeanClient } from './lean-client.js';
import {
  type Ended,
  freshDirectory,
  type ProcessEnvironment,
  ServiceProcess,
} from './service-process.js';
import type { Stores } from './stores.js';
import { CHEAP_ENOUGH_FOR_TESTS } from './test-app.js';

/** The built service, in a process of its own, on the stores of a test. */
export class ServedProcess {
  private constructor(
    private readonly process: ServiceProcess,
    private readonly directory: { remove(): Promise<void> },
    /** Where it serves: the same again after a restart with its `port`. */
    readonly origin: string,
    /** For requests in great number. */
    readonly client: LeanClient,
  ) {}

  static async start(
    stores: Pick<Stores, 'databaseUrl' | 'redisUrl'>,
    env: ProcessEnvironment = {},
    command?: readonly string[],
  ): Promise<ServedProcess> {
    const directory = await freshDirectory();
    const settings = {
      ...CHEAP_ENOUGH_FOR_TESTS,
      DATABASE_URL: stores.databaseUrl,
      REDIS_URL: stores.redisUrl,
      ...env,
    };
    const process = await withIdTokenKeys(stores.databaseUrl, env, () =>
      ServiceProcess.serve(directory.path, settings, command),
    );
    const origin = process.origin.replace('localhost', '127.0.0.1');
    return new ServedProcess(process, directory, origin, new LeanClient(origin));
  }

  get api(): ApiClient {
    return new ApiClient(this.origin);
  }

  /** Everything that it has written so far. */
  get log(): string {
    return this.process.output;
  }

  get pid(): number {
    return this.process.pid;
  }

  get port(): string {
    return new URL(this.origin).port;
  }

  /** Sends it a signal, and waits until it has ended. */
  stop(signal: NodeJS.Signals): Promise<Ended> {
    return this.process.stop(signal);
  }

  /** `kill -9`: no warning, no farewell. */
  async kill(): Promise<void> {
    await this.process.destroy();
    this.client.close();
    await this.directory.remove();
  }
}
