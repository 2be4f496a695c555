import { constants } from 'node:os';
import { Logger, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadConfig } from '../platform/config/load-config.js';
import { misspeltSettings, readEnvironment } from '../platform/config/read-environment.js';
import { RuntimeConfig } from '../platform/config/runtime.config.js';
import { DatabaseConfig } from '../platform/database/database.config.js';
import { DatabaseLocation } from '../platform/database/database-location.js';
import {
  type DatabaseServer,
  startDatabaseServer,
} from '../platform/database/embedded/database-server.js';
import { StartupError } from '../platform/errors/startup-error.js';
import { HttpConfig } from '../platform/http/http.config.js';
import { GracefulShutdown } from '../platform/http/server/graceful-shutdown.js';
import { createLogger } from '../platform/logging/create-logger.js';
import { logCrashes } from '../platform/logging/log-crashes.js';
import { LoggingConfig } from '../platform/logging/logging.config.js';
import { NestLogger } from '../platform/logging/nest-logger.js';
import { createApp } from './create-app.js';
import { greet } from './greet.js';

/** npm passes on the Ctrl-C that the terminal has given to this process already. */
const SAME_SIGNAL_MILLISECONDS = 500;

/**
 * Starts the application of a module and serves until the process is told to stop: by SIGTERM, for
 * which balancers may need time, or by SIGINT from a terminal. A second signal ends it at once.
 */
export async function serve(module: Type): Promise<void> {
  let database: DatabaseServer | undefined;
  let app: NestFastifyApplication | undefined;
  const stop = async (exitCode: number) => {
    await app?.close();
    await database?.stop();
    process.exit(exitCode);
  };
  onSignals(async (signal) => {
    // The stores and the feed of revocations go last: until then there are requests.
    await app?.get(GracefulShutdown, { strict: false }).run(signal);
    await stop(0);
  });
  try {
    const environment = readEnvironment(process.env);
    const config = loadConfig(environment);
    const logger = createLogger(config.get(LoggingConfig), config.get(RuntimeConfig));
    logCrashes(logger);
    Logger.overrideLogger(new NestLogger(logger));
    for (const line of misspeltSettings(environment)) new Logger('Settings').warn(line);
    database = await startDatabaseServer(config.get(DatabaseConfig));
    app = await createApp(module, config, new DatabaseLocation(database.url));
    await listen(app, config.get(HttpConfig));
    greet(app);
  } catch (error) {
    process.stderr.write(`Latchkey cannot start. ${explain(error)}\n`);
    await stop(1);
  }
}

async function listen(app: NestFastifyApplication, { host, port }: HttpConfig): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new StartupError(
        `Port ${port} on ${host} is taken. Stop what listens there, or set PORT to another one.`,
        { cause },
      );
    }
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
      throw new StartupError(
        `Cannot listen on ${host}, port ${port} (${code}). Set HOST and PORT to an address of this machine that this user may use.`,
        { cause },
      );
    }
    throw cause;
  }
}

function explain(error: unknown): string {
  if (error instanceof StartupError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function onSignals(stop: (signal: NodeJS.Signals) => Promise<void>): void {
  let stoppedAt: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stoppedAt === undefined) {
        stoppedAt = performance.now();
        void stop(signal);
      } else if (performance.now() - stoppedAt > SAME_SIGNAL_MILLISECONDS) {
        process.exit(128 + constants.signals[signal]);
      }
    });
  }
}
