import { existsSync } from 'node:fs';
import type { DataSource } from 'typeorm';
import { DATA_DIRECTORY } from '../../platform/config/app-secrets.js';
import type { LoadedConfig } from '../../platform/config/load-config.js';
import { connect } from '../../platform/database/connection/connect.js';
import { dataSourceOptions } from '../../platform/database/connection/data-source-options.js';
import { DatabaseConfig } from '../../platform/database/database.config.js';
import { DatabaseLocation } from '../../platform/database/database-location.js';
import { joinDatabaseServer } from '../../platform/database/embedded/database-server.js';
import { becomesReady } from '../../platform/redis/becomes-ready.js';
import { createRedisClient, type RedisClient } from '../../platform/redis/create-redis-client.js';
import { RedisConfig } from '../../platform/redis/redis.config.js';
import { findRedisAddress } from '../../platform/redis/redis-address.js';
import { type Finding, notice, wrong } from './finding.js';

const CONNECTIONS = 3;
const REDIS_COMMAND_MILLISECONDS = 2_000;
const REDIS_READY_MILLISECONDS = 3_000;

/** A store, or why there is none; and how to let go of it. */
export interface Opened<Store> {
  readonly store?: Store;
  readonly finding?: Finding;
  close(): Promise<void>;
}

const NOTHING_TO_CLOSE = async () => undefined;

/** Connects and migrates nothing. */
export async function openDatabase(config: LoadedConfig): Promise<Opened<DataSource>> {
  const settings = config.get(DatabaseConfig);
  if (settings.url === undefined && !existsSync(DATA_DIRECTORY)) {
    return {
      finding: notice(
        'There is no database yet: DATABASE_URL is not set, and nothing has been started here.',
      ),
      close: NOTHING_TO_CLOSE,
    };
  }
  try {
    const server = await joinDatabaseServer(settings);
    const location = new DatabaseLocation(server.url);
    const options = await dataSourceOptions(location, { ...settings, poolSize: CONNECTIONS });
    const store = await connect(options).catch(async (error: unknown) => {
      await server.stop();
      throw error;
    });
    const close = async () => {
      await store.destroy();
      await server.stop();
    };
    return { store, close };
  } catch (error) {
    const remedy = 'Until then nobody signs in or refreshes (docs/postgres.md).';
    return { finding: wrong((error as Error).message, remedy), close: NOTHING_TO_CLOSE };
  }
}

export async function openRedis(config: LoadedConfig): Promise<Opened<RedisClient>> {
  const address = findRedisAddress(config.get(RedisConfig).url ?? '');
  if (address === null) return { close: NOTHING_TO_CLOSE };
  const client = createRedisClient(address, '', REDIS_COMMAND_MILLISECONDS);
  let reason = 'it does not answer';
  client.on('error', ({ message }: Error) => {
    reason = message || reason;
  });
  const close = async () => client.disconnect();
  if (await becomesReady(client, REDIS_READY_MILLISECONDS)) return { store: client, close };
  const remedy =
    'Start it, or correct REDIS_URL. Until then revocations reach other instances by Postgres, within REVOCATION_POLL_SECONDS, and each process counts attempts for itself (docs/redis.md).';
  return { finding: wrong(`Redis at REDIS_URL cannot be used (${reason}).`, remedy), close };
}
