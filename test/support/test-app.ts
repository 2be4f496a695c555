import type { AddressInfo } from 'node:net';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../src/latchkey/boot/create-app.js';
import { LatchkeyModule } from '../../src/latchkey/latchkey.module.js';
import { type Environment, loadConfig } from '../../src/latchkey/platform/config/load-config.js';
import { DEFAULT_CONNECTION_TIMEOUT_SECONDS } from '../../src/latchkey/platform/database/database.config.js';
import {
  DatabaseLocation,
  latchkeySources,
} from '../../src/latchkey/platform/database/database-location.js';
import { ApiClient } from './api-client.js';
import { withIdTokenKeys } from './id-token-keys.js';
import { createStores, type Stores } from './stores.js';
import { onThisMachine } from './time-limits.js';

/** The issuer of every test application: instances that share stores must agree on it. */
export const ISSUER = 'http://latchkey.test';

const LONGEST_CONNECTION_TIMEOUT_SECONDS = 60;

/** What every test application is set to. */
export const CHEAP_ENOUGH_FOR_TESTS = {
  NODE_ENV: 'test',
  LOG_LEVEL: 'silent',
  PORT: '0',
  JWT_ISSUER: ISSUER,
  APP_SECRETS: 'the tests run with this text and nothing else does 0123456789',
  ARGON2_MEMORY_KIB: '64',
  ARGON2_TIME_COST: '1',
  HASHING_QUEUE: '1000',
  /** The default of an idle machine: that this one is busy is no outage of Postgres. */
  get DATABASE_CONNECTION_TIMEOUT_SECONDS() {
    const seconds = onThisMachine(DEFAULT_CONNECTION_TIMEOUT_SECONDS);
    return String(Math.min(seconds, LONGEST_CONNECTION_TIMEOUT_SECONDS));
  },
  // The tests leave nothing of the processors.
  HASHING_PRIORITY: 'normal',
  THROTTLING: 'off',
};

export interface TestAppOptions {
  readonly stores: Stores;
  readonly env?: Environment;
  readonly module?: Type;
  readonly sourceRoots?: readonly string[];
}

/** Latchkey, or another application, on a port of its own and configured as in production. */
export class TestApp {
  private constructor(
    private running: NestFastifyApplication | undefined,
    readonly origin: string,
    readonly stores: Stores,
  ) {}

  get nest(): NestFastifyApplication {
    if (this.running === undefined) throw new Error('This application has been stopped.');
    return this.running;
  }

  static start(options: TestAppOptions): Promise<TestApp> {
    const { stores, env = {} } = options;
    return withIdTokenKeys(stores.databaseUrl, env, () => TestApp.listen(options));
  }

  private static async listen(options: TestAppOptions): Promise<TestApp> {
    const { stores, env, module = LatchkeyModule, sourceRoots = [latchkeySources] } = options;
    const config = loadConfig({
      ...CHEAP_ENOUGH_FOR_TESTS,
      DATABASE_URL: stores.databaseUrl,
      REDIS_URL: stores.redisUrl,
      ...env,
    });
    const location = new DatabaseLocation(stores.databaseUrl, sourceRoots);
    const nest = await createApp(module, config, location);
    try {
      await nest.listen(0, '127.0.0.1');
    } catch (error) {
      await nest.close();
      throw error;
    }
    const { port } = nest.getHttpServer().address() as AddressInfo;
    return new TestApp(nest, `http://127.0.0.1:${port}`, stores);
  }

  /** A client without cookies or tokens. */
  get api(): ApiClient {
    return new ApiClient(this.origin);
  }

  /**
   * Stops it, and forgets it: Node keeps a test file, and with it what its variables hold, for as long
   * as the process lasts.
   */
  async stop(): Promise<void> {
    await this.running?.close();
    this.running = undefined;
  }
}

/** One application on stores of its own: what most tests need. */
export async function startTestApp(
  env?: Environment,
  options: Partial<Omit<TestAppOptions, 'env'>> = {},
): Promise<TestApp & { [Symbol.asyncDispose](): Promise<void> }> {
  const stores = options.stores ?? (await createStores());
  const app = await TestApp.start({ ...options, stores, env });
  return Object.assign(app, {
    [Symbol.asyncDispose]: async () => {
      await app.stop();
      await stores.drop();
    },
  });
}
