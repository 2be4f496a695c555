import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisAddress } from './redis-address.js';

const CONNECT_TIMEOUT_MILLISECONDS = 2_000;
/** NAT and balancers forget a silent connection after minutes, some after one. */
const KEEP_ALIVE_AFTER_MILLISECONDS = 10_000;
/** Below, a pause of this process would look like one of Redis. */
const LEAST_SILENCE_MILLISECONDS = 1_000;
/** After this a connection that the other side does not close is cut. */
const DISCONNECT_TIMEOUT_MILLISECONDS = 100;

/** The same commands, whatever is at the other end. */
export type RedisClient = Redis | Cluster;

const COMMON_OPTIONS = {
  connectTimeout: CONNECT_TIMEOUT_MILLISECONDS,
  keepAlive: KEEP_ALIVE_AFTER_MILLISECONDS,
  disconnectTimeout: DISCONNECT_TIMEOUT_MILLISECONDS,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
} satisfies RedisOptions;

/**
 * A client that reconnects for ever and never queues: a command that cannot be sent now is
 * rejected now. A connection that owes answers and is silent for a second is given up.
 *
 * @param keyPrefix put before every key of every command
 * @param commandTimeout in milliseconds; undefined for commands that block
 */
export function createRedisClient(
  address: RedisAddress,
  keyPrefix: string,
  commandTimeout?: number,
): RedisClient {
  const timeouts = commandTimeout !== undefined && {
    commandTimeout,
    socketTimeout: Math.max(commandTimeout, LEAST_SILENCE_MILLISECONDS),
  };
  const options = { ...COMMON_OPTIONS, keyPrefix, ...timeouts };
  const standalone = {
    ...options,
    retryStrategy: reconnectDelayMilliseconds,
    enableOfflineQueue: false,
  };
  if (address.topology === 'single') return new Redis(address.url, standalone);
  const { nodes, username, password, tls } = address;
  const access = { username, password, ...(tls && { tls: {} }) };
  if (address.topology === 'cluster') {
    return new Cluster([...nodes], {
      redisOptions: { ...options, ...access },
      enableOfflineQueue: false,
      clusterRetryStrategy: reconnectDelayMilliseconds,
      // A certificate names hosts; their addresses would not match it.
      ...(tls && { dnsLookup: (host, found) => found(null, host) }),
    });
  }
  return new Redis({
    ...standalone,
    ...access,
    sentinels: [...nodes],
    name: address.masterName,
    db: address.database,
    enableTLSForSentinelMode: tls,
    sentinelRetryStrategy: reconnectDelayMilliseconds,
    // A Sentinel says when it has made another server the master.
    failoverDetector: true,
  });
}

const FIRST_DELAY_MILLISECONDS = 50;
const LONGEST_DELAY_MILLISECONDS = 1_000;

/**
 * Doubles with every attempt, up to a second; half of it is random, so that instances that lost
 * the same server do not all return in the same instant.
 *
 * @param attempt 1 for the first
 */
export function reconnectDelayMilliseconds(attempt: number): number {
  const doubled = FIRST_DELAY_MILLISECONDS * 2 ** Math.min(attempt - 1, 10);
  const delay = Math.min(doubled, LONGEST_DELAY_MILLISECONDS);
  return Math.round(delay / 2 + (Math.random() * delay) / 2);
}
