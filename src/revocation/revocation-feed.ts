import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { Clock } from '../clock/clock.js';
import { becomesReady } from '../redis/becomes-ready.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { LiveRevocations } from './live-revocations.js';
import { OutageLog } from './outage-log.js';
import { decodeMessage, REVOCATION_STREAM } from './revocation-message.js';
import { RevocationStaleness } from './revocation-staleness.js';
import { compareStreamIds, STREAM_START } from './stream-id.js';

/** An empty answer after this is a sign of life: well below the least staleness allowed. */
const BLOCK_MILLISECONDS = 400;
/** A server this late is taken for frozen or unreachable. */
const OVERDUE_MILLISECONDS = BLOCK_MILLISECONDS + 2_000;
/** What the start of the process waits for Redis at most. */
const START_MILLISECONDS = 500;
const RETRY_MILLISECONDS = 1_000;
const MESSAGES_PER_READ = 1_000;

type Message = [id: string, fields: string[] | null];

/** Tails the stream on which every instance publishes what it revokes. */
@Injectable()
export class RevocationFeed {
  private readonly logger = new Logger('Revocation');
  private readonly outage = new OutageLog(this.logger, 'Tailing revocations in Redis');
  private position = STREAM_START;
  private client?: Redis;
  private tailing = false;
  /** Counts connections: a loop of an earlier one gives way to that of the present one. */
  private run = 0;
  private stopped = false;

  constructor(
    private readonly redis: RedisConnections,
    private readonly live: LiveRevocations,
    private readonly staleness: RevocationStaleness,
    private readonly clock: Clock,
  ) {}

  /** `off`: there is no Redis to tail. */
  get state(): 'up' | 'down' | 'off' {
    if (!this.redis.enabled) return 'off';
    return this.tailing ? 'up' : 'down';
  }

  /**
   * Tails from now on. When it resolves, either the feed will bring everything published from
   * here on, or Redis was not there: then it starts with all that the stream holds once it is.
   */
  async start(): Promise<void> {
    if (!this.redis.enabled) return;
    const client = this.redis.blocking();
    this.client = client;
    if (await becomesReady(client, START_MILLISECONDS)) {
      this.position = await this.newestId(client).catch(() => STREAM_START);
    }
    client.on('ready', () => void this.tail(client));
    if (client.status === 'ready') void this.tail(client);
  }

  stop(): void {
    this.stopped = true;
    this.client?.disconnect();
  }

  /** Reads until the connection is lost; it reconnects by itself and calls this again. */
  private async tail(client: Redis): Promise<void> {
    const run = ++this.run;
    let checked = false;
    while (!this.stopped && run === this.run && client.status === 'ready') {
      try {
        if (!checked) await this.checkPosition(client);
        checked = true;
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

  private async readNext(client: Redis): Promise<void> {
    const askedAt = this.clock.monotonic();
    const messages = await withDeadline(client, () =>
      client.xread(
        'COUNT',
        MESSAGES_PER_READ,
        'BLOCK',
        BLOCK_MILLISECONDS,
        'STREAMS',
        REVOCATION_STREAM,
        this.position,
      ),
    );
    for (const message of messages?.[0]?.[1] ?? []) this.take(message);
    this.staleness.heard(askedAt);
  }

  private take([id, fields]: Message): void {
    const { revocations, skipped } = decodeMessage(fields ?? []);
    if (skipped > 0) this.logger.warn(`Message ${id} of the revocation stream was not understood.`);
    this.live.applyNew(revocations);
    this.position = id;
  }

  /** A stream that is behind us was emptied or lost: what it gets now may have lower ids. */
  private async checkPosition(client: Redis): Promise<void> {
    const newest = await this.newestId(client);
    if (compareStreamIds(newest, this.position) < 0) this.position = STREAM_START;
  }

  private async newestId(client: Redis): Promise<string> {
    const [newest] = await withDeadline(client, () =>
      client.xrevrange(REVOCATION_STREAM, '+', '-', 'COUNT', 1),
    );
    return newest?.[0] ?? STREAM_START;
  }
}

async function withDeadline<T>(client: Redis, command: () => Promise<T>): Promise<T> {
  const cut = setTimeout(() => client.disconnect(true), OVERDUE_MILLISECONDS).unref();
  return command().finally(() => clearTimeout(cut));
}
