import type { Environment } from '../../src/latchkey/platform/config/load-config.js';
import { LeanClient } from './lean-client.js';
import { createStores, type Stores } from './stores.js';
import { TestApp } from './test-app.js';

/** One of several processes' worth of the application, as a load balancer would choose among. */
export interface Instance {
  readonly app: TestApp;
  readonly client: LeanClient;
}

/** Several instances of the application on the same stores. */
export class Instances {
  private constructor(
    readonly stores: Stores,
    readonly all: readonly Instance[],
  ) {}

  /** @param environments one for each instance */
  static async start(...environments: Environment[]): Promise<Instances> {
    const stores = await createStores();
    const all: Instance[] = [];
    for (const env of environments) {
      const app = await TestApp.start({ stores, env });
      all.push({ app, client: new LeanClient(app.origin) });
    }
    return new Instances(stores, all);
  }

  /** The instance that a request with this number goes to. */
  at(index: number): Instance {
    const instance = this.all[index % this.all.length];
    if (instance === undefined) throw new Error('No instance has been started.');
    return instance;
  }

  async stop(): Promise<void> {
    for (const { client } of this.all) client.close();
    await Promise.all(this.all.map(({ app }) => app.stop()));
    await this.stores.drop();
  }
}
