import type { RedisClient } from './create-redis-client.js';

/** Waits until a connection can be used, or has failed once, or the time is over. */
export function becomesReady(client: RedisClient, timeoutMilliseconds: number): Promise<boolean> {
  if (client.status === 'ready') return Promise.resolve(true);
  return new Promise((resolve) => {
    const settle = (ready: boolean) => {
      clearTimeout(timer);
      client.off('ready', onReady).off('close', onClose);
      resolve(ready);
    };
    const onReady = () => settle(true);
    const onClose = () => settle(false);
    const timer = setTimeout(() => settle(false), timeoutMilliseconds);
    client.once('ready', onReady).once('close', onClose);
  });
}
