import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { CoalescedTask } from '../../../platform/clock/coalesced-task.js';
import { PeriodicTask } from '../../../platform/clock/periodic-task.js';
import { SideConnection } from '../../../platform/database/connection/side-connection.js';
import { OutageLog } from '../../../platform/logging/outage-log.js';
import type { RedisClient } from '../../../platform/redis/create-redis-client.js';
import { RedisConnections } from '../../../platform/redis/redis-connections.js';
import { LOG_START, type LogPosition } from '../log/log-position.js';
import { RevocationLog } from '../log/revocation-log.js';
import { RevocationPoller } from '../log/revocation-poller.js';
import { RevocationConfig } from '../revocation.config.js';
import { PassTurns } from './pass-turns.js';
import { publishLog } from './publish-log.js';
import { RevocationFeed } from './revocation-feed.js';
import { RevocationPasses } from './revocation-passes.js';
import { RevocationPublisher } from './revocation-publisher.js';
import { RevocationStream } from './revocation-stream.js';
import { UnpublishedRevocations } from './unpublished-revocations.js';

/** How long a service waits for a proof at most, and half of that on average. */
const PASS_MILLISECONDS = 1_000;
/** Entries older than any token do no harm, so they are removed only this often. */
const TRIM_MILLISECONDS = 30_000;
const NO_PAUSE = 0;

/**
 * Keeps the stream complete for verifiers that know nothing but Redis, and proves to them that it
 * is: docs/adr/0019-reopening-by-proof.md. What the stream never got is published late, and when it
 * has lost something, everything live is published again from the log. Never on the path of a
 * request.
 *
 * It tells a loss by what is not as Postgres or a former look has it: the number of the publication
 * of everything, the length, a message that was there or that Redis has taken since.
 */
@Injectable()
export class RevocationStreamKeeper {
  /** How often this process has published the whole log. */
  fullPublications = 0;
  private readonly logger = new Logger('Revocation');
  private readonly outage = new OutageLog(this.logger, 'Completing the revocation stream');
  private readonly repetition = new PeriodicTask(() => this.turn(), PASS_MILLISECONDS);
  private readonly stopping = new AbortController();
  private readonly keeping = new CoalescedTask(() => this.keep(), NO_PAUSE, this.stopping.signal);
  private readonly name = randomUUID();
  private readonly turns = new PassTurns();
  /** Whether another instance was found to pass a turn ago: it is asked about every other turn. */
  private resting = false;
  private trimmedAt = Number.NEGATIVE_INFINITY;
  private epoch: number | null = null;
  /** Entries were lost under this epoch: some instance has to publish them again. */
  private brokenEpoch: number | null = null;
  private seenId: string | null = null;
  /** Whether what was in the log when this process started has been published. */
  private caughtUp = false;

  constructor(
    private readonly redis: RedisConnections,
    private readonly connection: SideConnection,
    private readonly log: RevocationLog,
    private readonly feed: RevocationFeed,
    private readonly poller: RevocationPoller,
    private readonly publisher: RevocationPublisher,
    private readonly unpublished: UnpublishedRevocations,
    private readonly config: RevocationConfig,
  ) {}

  start(): void {
    if (!this.redis.enabled) return;
    void this.keeping.run();
    // Verifiers wait after an outage for proof that they have missed nothing.
    this.redis.command().on('ready', () => void this.keeping.run());
    this.repetition.start();
  }

  stop(): void {
    this.stopping.abort();
    this.repetition.stop();
  }

  private async turn(): Promise<void> {
    const client = this.redis.command();
    const mayLeave = client.status === 'ready' && !this.turns.due && this.unpublished.isEmpty;
    const leaves = mayLeave && (this.resting || (await this.isDoneByAnother(client)));
    this.resting = leaves && !this.resting;
    if (!leaves) await this.keeping.run();
  }

  private async isDoneByAnother(client: RedisClient): Promise<boolean> {
    try {
      const newest = await new RevocationPasses(client).newestCompleted();
      return this.turns.leaveTo(newest, this.epoch);
    } catch {
      // The pass says what is wrong.
      return false;
    }
  }

  private async keep(): Promise<void> {
    const client = this.redis.command();
    if (client.status !== 'ready') return;
    try {
      await this.pass(client);
      this.outage.succeeded();
    } catch (error) {
      this.outage.failed(error);
    }
  }

  /** The order of these steps is the proof: what is read was committed after the pass had begun. */
  private async pass(client: RedisClient): Promise<void> {
    const stream = new RevocationStream(client);
    const pass = randomUUID();
    const passes = new RevocationPasses(client);
    this.turns.began();
    await passes.begin(pass);
    const reading = await this.poller.poll();
    if (reading === null) return;
    const complete = await this.inspect(stream, reading.epoch);
    await this.publisher.settled();
    if (!this.unpublished.incomplete) await this.publisher.publish(this.unpublished.take());
    if (!complete || !this.unpublished.isEmpty) return;
    await stream.setCompleteUntil(reading.position);
    this.turns.completed(await passes.complete(pass, this.epoch));
    if (reading.mayTrim) await this.trim(stream);
  }

  private async trim(stream: RevocationStream): Promise<void> {
    if (performance.now() - this.trimmedAt < TRIM_MILLISECONDS) return;
    this.trimmedAt = performance.now();
    await stream.trim(this.config.entryLifetimeSeconds);
  }

  /**
   * @param highest the number of the last publication of everything, as Postgres has it
   * @returns whether the stream lacks nothing but what this process remembers
   */
  private async inspect(stream: RevocationStream, highest: number): Promise<boolean> {
    const ids = new Set([this.seenId, this.feed.newestId, this.publisher.newestId]);
    const [{ epoch, completeUntil, whole }, ...there] = await Promise.all([
      stream.state(),
      ...[...ids].filter((id) => id !== null).map((id) => stream.has(id)),
    ]);
    const lost = !whole || there.includes(false);
    const republished = epoch !== null && epoch !== this.epoch;
    if (lost || republished) this.feed.recheck();
    if (lost) this.publisher.forgetNewestId();
    const toldByAnother = republished && epoch === highest && this.epoch !== null;
    if (toldByAnother && this.unpublished.incomplete) this.unpublished.clear();
    if (lost && !republished) this.brokenEpoch = epoch;
    this.seenId = lost ? null : (this.feed.newestId ?? this.seenId);
    this.epoch = epoch;
    const unsaid = epoch !== highest || completeUntil === null;
    if (unsaid || epoch === this.brokenEpoch || this.unpublished.incomplete) {
      return stream.exclusively(this.name, () => this.publishAll(stream, epoch, highest));
    }
    if (this.caughtUp) return true;
    return stream.exclusively(this.name, () => this.catchUp(stream, completeUntil));
  }

  private async publishAll(
    stream: RevocationStream,
    epoch: number | null,
    highest: number,
  ): Promise<boolean> {
    const next = await this.connection.use((client) =>
      this.log.raiseEpoch(client, highest, epoch ?? 0),
    );
    // Another instance has since this one looked.
    if (next === null) return false;
    this.brokenEpoch = epoch;
    // Before the log is read: what appears in it meanwhile is remembered.
    this.unpublished.clear();
    await stream.clear();
    this.seenId = null;
    this.publisher.forgetNewestId();
    this.feed.startOver();
    const { position, count } = await publishLog(this.connection, this.log, LOG_START, stream);
    await stream.setCompleteUntil(position);
    await stream.setEpoch(next);
    this.epoch = next;
    this.caughtUp = true;
    this.fullPublications++;
    if (count > 0) this.logger.log(`Published ${count} live revocations to Redis again.`);
    // Verifiers have seen a gap, and wait for a pass that began after it.
    void this.keeping.run();
    return true;
  }

  /**
   * An instance that revoked before this process started may have died before it told Redis. So
   * everything that was written since the stream was complete is published, even if that is a
   * second time.
   */
  private async catchUp(stream: RevocationStream, completeUntil: LogPosition): Promise<boolean> {
    await publishLog(this.connection, this.log, completeUntil, stream);
    this.caughtUp = true;
    return true;
  }
}
