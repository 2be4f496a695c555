import 'reflect-metadata';
import {
  type DynamicModule,
  type INestApplicationContext,
  Module,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConfigModule } from '../platform/config/config.module.js';
import type { LoadedConfig } from '../platform/config/load-config.js';
import { RuntimeConfig } from '../platform/config/runtime.config.js';
import { DatabaseLocation } from '../platform/database/database-location.js';
import { sendClientError, sendFrameworkError } from '../platform/http/answers/unrouted-errors.js';
import { BODY_LIMIT_BYTES } from '../platform/http/bodies/body-limits.js';
import { HttpConfig } from '../platform/http/http.config.js';
import { requestIdentity } from '../platform/http/server/request-identity.js';
import { timeLimits } from '../platform/http/server/time-limits.js';
import { createLogger } from '../platform/logging/create-logger.js';
import { LoggingConfig } from '../platform/logging/logging.config.js';
import { NestLogger } from '../platform/logging/nest-logger.js';
import { traceChannels } from '../platform/tracing/trace-channels.js';
import { configureApp } from './configure-app.js';

/**
 * Makes the application of a module, connected, migrated and configured, but not yet listening.
 *
 * @throws StartupError when the database cannot be used or a migration fails
 */
export async function createApp(
  module: Type,
  config: LoadedConfig,
  database: DatabaseLocation,
): Promise<NestFastifyApplication> {
  const logger = createLogger(config.get(LoggingConfig), config.get(RuntimeConfig));
  const http = config.get(HttpConfig);
  const { trustedProxies } = http;
  const adapter = new FastifyAdapter({
    loggerInstance: logger,
    ...requestIdentity(trustedProxies),
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: trustedProxies.length > 0 ? trustedProxies : false,
    frameworkErrors: sendFrameworkError,
    clientErrorHandler: sendClientError,
    ...timeLimits(http),
    forceCloseConnections: 'idle',
  });
  traceChannels();
  const app = await NestFactory.create<NestFastifyApplication>(
    root(module, config, database),
    adapter,
    { logger: new NestLogger(logger), abortOnError: false, bodyParser: false },
  );
  await configureApp(app);
  return app;
}

/**
 * The application without its HTTP side, for the command line, which says itself what goes wrong.
 *
 * @throws StartupError when the database cannot be used or a migration fails
 */
export function createContext(
  module: Type,
  config: LoadedConfig,
  database: DatabaseLocation,
): Promise<INestApplicationContext> {
  return NestFactory.createApplicationContext(root(module, config, database), {
    logger: false,
    abortOnError: false,
  });
}

@Module({})
class RootModule {}

@Module({})
class DatabaseLocationModule {}

function root(module: Type, config: LoadedConfig, database: DatabaseLocation): DynamicModule {
  const location = { provide: DatabaseLocation, useValue: database };
  return {
    module: RootModule,
    imports: [
      ConfigModule.from(config),
      {
        module: DatabaseLocationModule,
        global: true,
        providers: [location],
        exports: [location],
      },
      module,
    ],
  };
}
