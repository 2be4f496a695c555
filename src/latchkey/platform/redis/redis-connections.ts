import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { becomesReady } from './becomes-ready.js';
import { createRedisClient, type RedisClient } from './create-redis-client.js';
import { DeploymentId } from './deployment-id.js';
import { logChangesOfState } from './log-changes-of-state.js';
import { RedisConfig } from './redis.config.js';
import { findRedisAddress } from './redis-address.js';

/** How long a server that has accepted a connection may take until it answers commands. */
const READY_TIMEOUT_MILLISECONDS = 5_000;
/** What the start of the process waits for Redis at most. */
const START_MILLISECONDS = 500;

/**
 * The process's connections to Redis, kept alive by reconnecting. A Redis that is down stops
 * nothing: it is logged once when it goes and once when it returns, and commands meanwhile
 * reject at once. Every key is the deployment's own: the prefix is put before it here.
 */
@Injectable()
export class RedisConnections implements OnModuleInit, OnApplicationShutdown {
  /** Whether there is a Redis to connect to. */
  readonly enabled: boolean;
  private readonly logger = new Logger('Redis');
  private commandConnection?: RedisClient;
  private blockingConnection?: RedisClient;

  constructor(
    private readonly config: RedisConfig,
    private readonly deployment: DeploymentId,
  ) {
    this.enabled = config.url !== undefined;
  }

  /** So that the first command of the first request finds an open connection. */
  async onModuleInit(): Promise<void> {
    if (this.enabled) await becomesReady(this.command(), START_MILLISECONDS);
  }

  /**
   * For short commands: each is sent at most once and settles within
   * `REDIS_COMMAND_TIMEOUT_MS`. A rejected command may have been carried out all the same.
   *
   * @throws Error when there is no Redis (see `enabled`)
   */
  command(): RedisClient {
    this.commandConnection ??= this.connect('commands', this.config.commandTimeoutMilliseconds);
    return this.commandConnection;
  }

  /**
   * For commands that block, without a time limit: the caller sets its own and ends an overdue
   * one by `disconnect(true)`.
   *
   * @throws Error when there is no Redis (see `enabled`)
   */
  blocking(): RedisClient {
    this.blockingConnection ??= this.connect('blocking reads');
    return this.blockingConnection;
  }

  onApplicationShutdown(): void {
    this.commandConnection?.disconnect();
    this.blockingConnection?.disconnect();
  }

  private connect(purpose: string, commandTimeoutMilliseconds?: number): RedisClient {
    const address = findRedisAddress(this.config.url ?? '');
    if (address === null) throw new Error('REDIS_URL is not set: there is no Redis.');
    const client = createRedisClient(
      address,
      this.deployment.keyPrefix,
      commandTimeoutMilliseconds,
    );
    logChangesOfState(client, purpose, this.logger);
    cutWhenNotReadyInTime(client);
    return client;
  }
}

/** A frozen server accepts connections and never answers the handshake. */
function cutWhenNotReadyInTime(client: RedisClient): void {
  let timer: NodeJS.Timeout | undefined;
  client.on('connect', () => {
    timer = setTimeout(() => client.disconnect(true), READY_TIMEOUT_MILLISECONDS).unref();
  });
  client.on('ready', () => clearTimeout(timer));
  client.on('close', () => clearTimeout(timer));
}
