import { tracingChannel } from 'node:diagnostics_channel';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../platform/clock/clock.js';
import { OutageLog } from '../../../platform/logging/outage-log.js';
import { becomesReady } from '../../../platform/redis/becomes-ready.js';
import type { RedisClient } from '../../../platform/redis/create-redis-client.js';
import { RedisConnections } from '../../../platform/redis/redis-connections.js';
import { LiveRevocations } from '../live/live-revocations.js';
import { RevocationStaleness } from '../live/revocation-staleness.js';
import { RevocationConfig } from '../revocation.config.js';
import { decodeMessage } from './revocation-message.js';
import type { StreamMessage } from './revocation-stream.js';
import { STREAM_START } from './stream-id.js';
import { BLOCK_MILLISECONDS, withDeadline } from './with-deadline.js';

/** Tells what takes spans of each message: `platform/tracing`. */
const TAKEN = tracingChannel('latchkey:revocations');
/** The least there is: 0 would wait for ever. */
const NO_BLOCK_MILLISECONDS = 1;
/** What the start of the process waits for Redis at most. */
const START_MILLISECONDS = 500;
const RETRY_MILLISECONDS = 1_000;
/** Of each stream. */
export const MESSAGES_PER_READ = 1_000;

/** Tails the stream on which every instance publishes what it revokes. */
@Injectable()
export class RevocationFeed {
  private readonly logger = new Logger('Revocation');
  private readonly outage = new OutageLog(this.logger, 'Tailing revocations in Redis');
  private position = STREAM_START;
  private client?: RedisClient;
  private tailing = false;
  /** Whether the position must be looked for in the stream before it is read from. */
  private unsure = true;
  /** Whether the last answer was all that the stream holds: only then is there news to wait for. */
  private caughtUp = false;
  /** Counts connections: the loop of an earlier connection stops when there is a newer one. */
  private run = 0;
  private stopped = false;

  constructor(
    private readonly redis: RedisConnections,
    private readonly live: LiveRevocations,
    private readonly staleness: RevocationStaleness,
    protected readonly clock: Clock,
    private readonly config: RevocationConfig,
  ) {}

  /** `off`: there is no Redis to tail. */
  get state(): 'up' | 'down' | 'off' {
    if (!this.redis.enabled) return 'off';
    return this.tailing ? 'up' : 'down';
  }

  /** The id of the last message that was read; null before the first. */
  get newestId(): string | null {
    return this.position === STREAM_START ? null : this.position;
  }

  /**
   * Tails from now on. When it resolves, either the feed will bring everything published from
   * here on, or Redis was not there: then it starts with all that the stream holds once it is.
   */
  async start(): Promise<void> {
    if (!this.redis.enabled) return;
    const client = this.redis.blocking();
    this.client = client;
    if (await becomesReady(client, START_MILLISECONDS)) await this.tryToBegin(client);
    client.on('ready', () => void this.tail(client));
    if (client.status === 'ready') void this.tail(client);
  }

  stop(): void {
    this.stopped = true;
    this.client?.disconnect();
  }

  /** The stream may not be the one that was read so far: the next read finds out. */
  recheck(): void {
    this.unsure = true;
  }

  /** Begins at the end of the stream: what came before is read in the durable log. */
  protected async begin(client: RedisClient): Promise<void> {
    this.position = await withDeadline(client, (stream) => stream.newestId());
  }

  /** Whether the stream, read to its end, tells of everything. What it does not, the log does. */
  protected async tellsAll(_client: RedisClient): Promise<boolean> {
    return true;
  }

  /** The messages after this one: waits so long for the first. */
  protected read(
    client: RedisClient,
    after: string,
    blockMilliseconds: number,
  ): Promise<readonly StreamMessage[]> {
    return withDeadline(client, (stream) =>
      stream.readAfter(after, MESSAGES_PER_READ, blockMilliseconds),
    );
  }

  /** Up to when the list is current now that all has been read which the stream holds. */
  protected currentAsOf(askedAt: number): number {
    return askedAt;
  }

  /** Called when the connection is a new one. */
  protected onConnected(): void {}

  /** Reads the stream from its start next: its messages have been replaced. */
  startOver(): void {
    this.position = STREAM_START;
    this.caughtUp = false;
  }

  /** Reads on until there is no more. */
  protected async catchUp(client: RedisClient): Promise<void> {
    do await this.readNext(client);
    while (!this.caughtUp);
  }

  /** Without an answer the tail starts from the beginning of the stream. */
  private async tryToBegin(client: RedisClient): Promise<void> {
    try {
      await this.begin(client);
      this.tailing = true;
    } catch (error) {
      this.outage.failed(error);
    }
  }

  /** Reads until the connection is lost; it reconnects by itself and calls this again. */
  private async tail(client: RedisClient): Promise<void> {
    const run = ++this.run;
    this.recheck();
    this.onConnected();
    while (!this.stopped && run === this.run && client.status === 'ready') {
      try {
        if (this.unsure) await this.checkPosition(client);
        await this.readNext(client);
        this.tailing = true;
        this.outage.succeeded();
      } catch (error) {
        this.tailing = false;
        // The connection says itself that it was lost.
        if (this.stopped || client.status !== 'ready') return;
        this.outage.failed(error);
        await pause(RETRY_MILLISECONDS, undefined, { ref: false });
      }
    }
  }

  private async readNext(client: RedisClient): Promise<void> {
    const askedAt = this.clock.monotonic();
    const block = this.caughtUp ? BLOCK_MILLISECONDS : NO_BLOCK_MILLISECONDS;
    const messages = await this.read(client, this.position, block);
    for (const message of messages) this.take(message);
    // A full answer may not be all there is.
    this.caughtUp = messages.length < MESSAGES_PER_READ;
    if (!this.caughtUp || !(await this.tellsAll(client))) return;
    this.staleness.heard(this.currentAsOf(askedAt));
  }

  private take([id, fields]: StreamMessage): void {
    const { entries, skipped } = decodeMessage(
      fields ?? [],
      this.config.longestEntryLifetimeSeconds,
    );
    if (skipped > 0) this.logger.warn(`Message ${id} of the revocation stream was not understood.`);
    TAKEN.traceSync(() => this.live.apply(entries), { count: entries.length });
    this.position = id;
  }

  /**
   * A stream that does not hold what was read last was emptied, or is that of a replica which
   * lagged: messages may have got lower ids since, so it is read from its start. So is one that
   * has only been trimmed; it is short then.
   */
  private async checkPosition(client: RedisClient): Promise<void> {
    this.unsure = false;
    const { newestId } = this;
    try {
      if (newestId === null || (await withDeadline(client, (stream) => stream.has(newestId))))
        return;
      this.startOver();
    } catch (error) {
      this.recheck();
      throw error;
    }
  }
}
