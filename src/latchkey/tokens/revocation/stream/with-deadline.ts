import type { RedisClient } from '../../../platform/redis/create-redis-client.js';
import { RevocationStream } from './revocation-stream.js';

/** An empty answer after this is a sign of life: well below the least staleness allowed. */
export const BLOCK_MILLISECONDS = 400;
/** A server this late is taken for frozen or unreachable. */
const OVERDUE_MILLISECONDS = BLOCK_MILLISECONDS + 2_000;

/** Cuts the connection when the answer is overdue. */
export async function withDeadline<T>(
  client: RedisClient,
  command: (stream: RevocationStream) => Promise<T>,
): Promise<T> {
  const cut = setTimeout(() => client.disconnect(true), OVERDUE_MILLISECONDS).unref();
  return command(new RevocationStream(client)).finally(() => clearTimeout(cut));
}
