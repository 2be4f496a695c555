import type { RedisClient } from '../redis/create-redis-client.js';
import { MESSAGE_FIELD } from './revocation-message.js';
import { STREAM_START, timeOfStreamId } from './stream-id.js';

/** Where in Redis the feed is. */
export const REVOCATION_STREAM = 'latchkey:revocations';
/**
 * Says that the stream holds every live revocation. Whoever empties Redis removes it, too: a
 * verifier that knows nothing but Redis must not go by a stream without it.
 *
 * The braces keep the keys of the feed in one slot of a Redis Cluster.
 */
export const REVOCATION_STREAM_EPOCH = '{latchkey:revocations}:epoch';
/**
 * Up to when the stream tells of everything that the log holds, so that an instance which starts
 * tells of what came later: those that knew may be gone.
 */
const COMPLETE_UNTIL = '{latchkey:revocations}:complete-until';
const PUBLISHING_LOCK = '{latchkey:revocations}:publishing';

/** A message and its id; null where it has been deleted in the middle of the stream. */
export type StreamMessage = [id: string, fields: string[] | null];

/** The commands that the feed is made of. */
export class RevocationStream {
  constructor(private readonly client: RedisClient) {}

  /** @returns the ids of the messages */
  add(messages: readonly string[]): Promise<(string | null)[]> {
    return Promise.all(
      messages.map((message) => this.client.xadd(REVOCATION_STREAM, '*', MESSAGE_FIELD, message)),
    );
  }

  /** Waits for messages after this one; none when the time is over. */
  async readAfter(id: string, limit: number, blockMilliseconds: number): Promise<StreamMessage[]> {
    const streams = await this.client.xread(
      'COUNT',
      limit,
      'BLOCK',
      blockMilliseconds,
      'STREAMS',
      REVOCATION_STREAM,
      id,
    );
    return streams?.[0]?.[1] ?? [];
  }

  async newestId(): Promise<string> {
    const [newest] = await this.client.xrevrange(REVOCATION_STREAM, '+', '-', 'COUNT', 1);
    return newest?.[0] ?? STREAM_START;
  }

  async has(id: string): Promise<boolean> {
    return (await this.client.xrange(REVOCATION_STREAM, id, id)).length > 0;
  }

  /** By Redis' own clock, as the newest id tells it: ours may be off. */
  async trim(newestId: string, keepSeconds: number): Promise<void> {
    const oldest = timeOfStreamId(newestId) - keepSeconds * 1_000;
    await this.client.xtrim(REVOCATION_STREAM, 'MINID', '~', oldest);
  }

  /** Names the last time at which the whole log was published; null when the stream lacks it. */
  epoch(): Promise<string | null> {
    return this.client.get(REVOCATION_STREAM_EPOCH);
  }

  async setEpoch(epoch: string): Promise<void> {
    await this.client.set(REVOCATION_STREAM_EPOCH, epoch);
  }

  /** In milliseconds since the epoch, by the database's clock; null when nobody has said. */
  async completeUntil(): Promise<number | null> {
    const moment = Number((await this.client.get(COMPLETE_UNTIL)) ?? Number.NaN);
    return Number.isFinite(moment) ? moment : null;
  }

  async setCompleteUntil(moment: number): Promise<void> {
    await this.client.set(COMPLETE_UNTIL, moment);
  }

  /** So that one instance publishes the log again and not all of them. */
  async lock(lifetimeMilliseconds: number): Promise<boolean> {
    const locked = await this.client.set(PUBLISHING_LOCK, '1', 'PX', lifetimeMilliseconds, 'NX');
    return locked === 'OK';
  }

  async unlock(): Promise<void> {
    await this.client.del(PUBLISHING_LOCK);
  }
}
