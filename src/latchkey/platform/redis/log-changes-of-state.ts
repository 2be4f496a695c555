import type { Logger } from '@nestjs/common';
import type { RedisClient } from './create-redis-client.js';

/** Logs when a connection comes and goes, once each, however often it fails in between. */
export function logChangesOfState(client: RedisClient, purpose: string, logger: Logger): void {
  let state: 'unknown' | 'up' | 'down' = 'unknown';
  let reason = 'the connection was closed';
  const lost = () => {
    if (state === 'down') return;
    state = 'down';
    logger.warn(`Redis is not available for ${purpose}: ${reason}. Reconnecting.`);
  };
  client.on('ready', () => {
    if (state === 'down') logger.log(`Redis is available for ${purpose} again.`);
    state = 'up';
    reason = 'the connection was closed';
  });
  client.on('error', (error: Error) => {
    reason = reasonOf(error);
  });
  // Not on 'close': that is also how a connection ends which we close ourselves.
  client.on('reconnecting', lost);
}

function reasonOf(error: Error): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) {
    return error.errors[0].message;
  }
  return error.message;
}
