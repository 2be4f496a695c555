import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { PacedTask } from '../clock/paced-task.js';
import { SideConnection } from '../database/side-connection.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { COMMIT_MILLISECONDS } from './log-position.js';
import { OutageLog } from './outage-log.js';
import { Repetition } from './repetition.js';
import { RevocationConfig } from './revocation.config.js';
import { RevocationFeed } from './revocation-feed.js';
import { RevocationLog } from './revocation-log.js';
import { encodeMessages } from './revocation-message.js';
import { RevocationPoller } from './revocation-poller.js';
import { RevocationPublisher } from './revocation-publisher.js';
import { RevocationStream } from './revocation-stream.js';
import { UnpublishedRevocations } from './unpublished-revocations.js';

/** Small enough that a request's own message does not wait long behind it. */
const PAGE_SIZE = 2_000;
/** After this an instance that died while publishing no longer keeps others from it. */
const LOCK_MILLISECONDS = 30_000;
const NO_PAUSE = 0;

/**
 * Keeps the stream complete for verifiers that know nothing but Redis: what it never got is
 * published late, and when it has lost something, everything live is published again from the
 * log. It says in Redis up to when the stream is complete, and begins with what came later. Never
 * on the path of a request.
 *
 * It tells a loss by two signs. The epoch beside the stream is gone: Redis was emptied. A message
 * is gone that was there at the last look, or that Redis has taken since, and nobody has published
 * the log again: a replica that lagged has become the master. A message that was only trimmed away
 * looks the same; little is live then.
 */
@Injectable()
export class RevocationStreamKeeper {
  private readonly logger = new Logger('Revocation');
  private readonly outage = new OutageLog(this.logger, 'Completing the revocation stream');
  private readonly repetition: Repetition;
  private readonly stopping = new AbortController();
  private readonly keeping = new PacedTask(() => this.keep(), NO_PAUSE, this.stopping.signal);
  private epoch: string | null = null;
  /** What was lost under this epoch has to be published again, by whichever instance. */
  private brokenEpoch: string | null = null;
  private seenId: string | null = null;
  /** Whether what was in the log when this process started has been published. */
  private caughtUp = false;
  private publications = 0;

  constructor(
    private readonly redis: RedisConnections,
    private readonly connection: SideConnection,
    private readonly log: RevocationLog,
    private readonly feed: RevocationFeed,
    private readonly poller: RevocationPoller,
    private readonly publisher: RevocationPublisher,
    private readonly unpublished: UnpublishedRevocations,
    config: RevocationConfig,
  ) {
    this.repetition = new Repetition(() => this.keeping.run(), config.pollSeconds * 1_000);
  }

  /** How often this process has published the whole log. */
  get fullPublications(): number {
    return this.publications;
  }

  start(): void {
    if (!this.redis.enabled) return;
    void this.keeping.run();
    // Verifiers wait a few seconds after an outage for what they have missed.
    this.redis.command().on('ready', () => void this.keeping.run());
    this.repetition.start();
  }

  stop(): void {
    this.stopping.abort();
    this.repetition.stop();
  }

  private async keep(): Promise<void> {
    const client = this.redis.command();
    if (client.status !== 'ready') return;
    const stream = new RevocationStream(client);
    const readUntil = this.poller.readUntilMilliseconds;
    try {
      const complete = await this.inspect(stream, readUntil);
      if (!this.unpublished.incomplete) await this.publisher.publish(this.unpublished.take());
      if (complete && this.unpublished.isEmpty) await stream.setCompleteUntil(readUntil);
      this.outage.succeeded();
    } catch (error) {
      this.outage.failed(error);
    }
  }

  /** @returns whether the stream lacks nothing but what this process remembers */
  private async inspect(stream: RevocationStream, readUntil: number): Promise<boolean> {
    const newestIds = [this.feed.newestId, this.publisher.newestId];
    const ids = [this.seenId, ...newestIds].filter((id) => id !== null);
    const [epoch, completeUntil, ...there] = await Promise.all([
      stream.epoch(),
      stream.completeUntil(),
      ...ids.map((id) => stream.has(id)),
    ]);
    const lost = there.includes(false);
    const republished = epoch !== null && epoch !== this.epoch;
    if (lost || republished) this.feed.recheck();
    if (lost) this.publisher.forgetNewestId();
    const toldByAnother = republished && this.epoch !== null;
    if (toldByAnother && this.unpublished.incomplete) this.unpublished.clear();
    if (lost && !republished) this.brokenEpoch = epoch;
    this.seenId = lost ? null : (this.feed.newestId ?? this.seenId);
    this.epoch = epoch;
    const unsaid = epoch === null || completeUntil === null;
    if (unsaid || epoch === this.brokenEpoch || this.unpublished.incomplete) {
      return this.alone(stream, () => this.publishAll(stream, epoch, readUntil));
    }
    return this.caughtUp || this.alone(stream, () => this.catchUp(stream));
  }

  /** @returns false, and does nothing, while another instance is publishing */
  private async alone(stream: RevocationStream, work: () => Promise<boolean>): Promise<boolean> {
    if (!(await stream.lock(LOCK_MILLISECONDS))) return false;
    return work().finally(() => stream.unlock().catch(() => undefined));
  }

  private async publishAll(
    stream: RevocationStream,
    epoch: string | null,
    readUntil: number,
  ): Promise<boolean> {
    // Another instance may have finished since this one looked.
    if ((await stream.epoch()) !== epoch) return false;
    this.brokenEpoch = epoch;
    // Before the log is read: what appears in it meanwhile is remembered.
    this.unpublished.clear();
    const count = await this.publishLog(stream);
    const next = randomUUID();
    await stream.setCompleteUntil(readUntil);
    await stream.setEpoch(next);
    this.epoch = next;
    this.caughtUp = true;
    this.publications++;
    if (count > 0) this.logger.log(`Published ${count} live revocations to Redis again.`);
    return true;
  }

  /**
   * Whoever revoked before this process started may have been gone before Redis had it: what was
   * written since the stream was complete is published, be it once more.
   */
  private async catchUp(stream: RevocationStream): Promise<boolean> {
    const completeUntil = (await stream.completeUntil()) ?? 0;
    await this.publishLog(stream, completeUntil - COMMIT_MILLISECONDS);
    this.caughtUp = true;
    return true;
  }

  private async publishLog(stream: RevocationStream, writtenSince = 0): Promise<number> {
    let count = 0;
    for (let position = 0; ; ) {
      const page = await this.connection.use((client) =>
        this.log.readAfter(client, position, PAGE_SIZE, writtenSince),
      );
      const live = page.entries.filter(({ remainingSeconds }) => remainingSeconds > 0);
      await stream.add(encodeMessages(live));
      count += live.length;
      position = page.ids.at(-1) ?? position;
      if (page.ids.length < PAGE_SIZE) return count;
    }
  }
}
