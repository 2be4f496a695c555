import { Injectable, Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { RedisConnections } from '../redis/redis-connections.js';
import { OutageLog } from './outage-log.js';
import { RevocationConfig } from './revocation.config.js';
import type { Revocation } from './revocation.js';
import { encodeMessages, MESSAGE_FIELD, REVOCATION_STREAM } from './revocation-message.js';
import { timeOfStreamId } from './stream-id.js';

/** Tells the other instances, through Redis, what has been revoked. */
@Injectable()
export class RevocationPublisher {
  private readonly outage = new OutageLog(new Logger('Revocation'), 'Publishing revocations');

  constructor(
    private readonly redis: RedisConnections,
    private readonly config: RevocationConfig,
  ) {}

  /** Never fails and takes a bounded time: what Redis does not get, instances read in the log. */
  async publish(revocations: readonly Revocation[]): Promise<void> {
    if (!this.redis.enabled || revocations.length === 0) return;
    const client = this.redis.command();
    try {
      const ids = await Promise.all(
        encodeMessages(revocations).map((message) =>
          client.xadd(REVOCATION_STREAM, '*', MESSAGE_FIELD, message),
        ),
      );
      this.outage.succeeded();
      const newest = ids.at(-1);
      if (newest) void this.trim(client, newest);
    } catch (error) {
      this.outage.failed(error);
    }
  }

  /** By Redis' own clock, as the id tells it: ours may be off. */
  private async trim(client: Redis, newestId: string): Promise<void> {
    const oldest = timeOfStreamId(newestId) - this.config.entryLifetimeSeconds * 1_000;
    await client.xtrim(REVOCATION_STREAM, 'MINID', '~', oldest).catch(() => undefined);
  }
}
