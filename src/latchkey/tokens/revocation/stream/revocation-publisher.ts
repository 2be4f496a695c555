import { Injectable, Logger } from '@nestjs/common';
import { settlesWithin } from '../../../platform/clock/settles-within.js';
import { OutageLog } from '../../../platform/logging/outage-log.js';
import { RedisConfig } from '../../../platform/redis/redis.config.js';
import { RedisConnections } from '../../../platform/redis/redis-connections.js';
import type { RevocationEntry } from '../kinds/revocation.js';
import { encodeMessages } from './revocation-message.js';
import { RevocationStream } from './revocation-stream.js';
import { UnpublishedRevocations } from './unpublished-revocations.js';

/** Tells the other instances, through Redis, what has been revoked. */
@Injectable()
export class RevocationPublisher {
  private readonly outage = new OutageLog(new Logger('Revocation'), 'Publishing revocations');
  private readonly inFlight = new Set<Promise<void>>();
  private newest: string | null = null;

  constructor(
    private readonly redis: RedisConnections,
    private readonly unpublished: UnpublishedRevocations,
    private readonly redisConfig: RedisConfig,
  ) {}

  /** How often Redis did not take what it was given. */
  get failures(): number {
    return this.outage.failures;
  }

  /** The id of the last message that Redis took from this process. */
  get newestId(): string | null {
    return this.newest;
  }

  /** Redis has lost it. */
  forgetNewestId(): void {
    this.newest = null;
  }

  /**
   * Never fails, and takes `REDIS_COMMAND_TIMEOUT_MS` at most. What Redis does not get, instances
   * read in the log, and it is published once Redis is back.
   */
  async publish(entries: readonly RevocationEntry[]): Promise<void> {
    if (!this.redis.enabled || entries.length === 0) return;
    const sending = this.send(entries);
    this.inFlight.add(sending);
    await sending.finally(() => this.inFlight.delete(sending));
  }

  /** Waits for what is being published: then Redis has it, or it counts as unpublished. */
  async settled(): Promise<void> {
    await Promise.all(this.inFlight);
  }

  private async send(entries: readonly RevocationEntry[]): Promise<void> {
    const client = this.redis.command();
    const stream = new RevocationStream(client);
    try {
      this.newest = await settlesWithin(
        this.redisConfig.commandTimeoutMilliseconds,
        stream.add(encodeMessages(entries)),
      );
      this.outage.succeeded();
    } catch (error) {
      this.outage.failed(error);
      this.unpublished.add(entries);
      // Not ready: reconnecting already. Ready: it does not answer, and the next request need not
      // wait for it again.
      if (client.status === 'ready') client.disconnect(true);
    }
  }
}
