import type { Logger } from '@nestjs/common';
import { OutageLog } from '../logging/outage-log.js';
import type { RedisClient } from './create-redis-client.js';

const CLOSED = new Error('the connection was closed');

/** Logs when a connection is lost and when it is there again, once each, however often it fails in between. */
export function logChangesOfState(client: RedisClient, purpose: string, logger: Logger): void {
  const outage = new OutageLog(logger, `Redis, for ${purpose}`);
  let reason: Error = CLOSED;
  client.on('ready', () => {
    outage.succeeded();
    reason = CLOSED;
  });
  client.on('error', (error: Error) => {
    reason = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  });
  // Not on 'close': that is also how a connection ends which we close ourselves.
  client.on('reconnecting', () => outage.failed(reason));
}
