import { Logger } from '@nestjs/common';
import { DATA_DIRECTORY } from '../../config/app-secrets.js';
import type { DatabaseConfig } from '../database.config.js';

/** A Postgres to connect to, and how to let go of it when the last connection is closed. */
export interface DatabaseServer {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * The operator's Postgres if one is configured, else an embedded one that lives as long as the
 * process.
 *
 * @throws StartupError when the embedded Postgres cannot be started
 */
export async function startDatabaseServer(config: DatabaseConfig): Promise<DatabaseServer> {
  if (config.url !== undefined) return { url: config.url, stop: async () => undefined };
  const logger = new Logger('EmbeddedPostgres');
  const { EmbeddedPostgres } = await import('./embedded-postgres.js');
  return EmbeddedPostgres.start({
    directory: DATA_DIRECTORY,
    log: (line) => logger.debug(line),
  });
}

/**
 * The same for a command: beside a running service it joins that service's embedded Postgres.
 *
 * @throws StartupError when the embedded Postgres cannot be started
 */
export async function joinDatabaseServer(config: DatabaseConfig): Promise<DatabaseServer> {
  if (config.url !== undefined) return startDatabaseServer(config);
  const { EmbeddedPostgres } = await import('./embedded-postgres.js');
  const url = await EmbeddedPostgres.findRunning(DATA_DIRECTORY);
  return url === null ? startDatabaseServer(config) : { url, stop: async () => undefined };
}
