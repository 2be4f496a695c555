import { Injectable, Logger } from '@nestjs/common';
import type pg from 'pg';
import { SteadyClock } from '../clock/steady-clock.js';
import { SideConnection } from '../database/side-connection.js';
import { LiveRevocations } from './live-revocations.js';
import { LogPosition } from './log-position.js';
import { OutageLog } from './outage-log.js';
import { Repetition } from './repetition.js';
import { RevocationConfig } from './revocation.config.js';
import type { RevocationEntry } from './revocation-entry.js';
import { type LogHead, RevocationLog } from './revocation-log.js';
import { RevocationStaleness } from './revocation-staleness.js';
import { UnpublishedRevocations } from './unpublished-revocations.js';

const PAGE_SIZE = 5_000;

/**
 * Reads the durable log again and again: whatever Redis lost or never got arrives by this. It has
 * a connection of its own, so that neither an exhausted pool nor a statement that hangs holds it
 * up. Each turn also sets the process's clock by the database's.
 */
@Injectable()
export class RevocationPoller {
  private readonly logger = new Logger('Revocation');
  private readonly outage = new OutageLog(this.logger, 'Reading the revocation log');
  private readonly position = new LogPosition();
  private readonly repetition: Repetition;
  /** When the row at the position was written, so that it can be told from any other. */
  private writtenAt: string | null = null;
  private readUntil = 0;
  private stopped = false;

  constructor(
    private readonly connection: SideConnection,
    private readonly log: RevocationLog,
    private readonly live: LiveRevocations,
    private readonly unpublished: UnpublishedRevocations,
    private readonly staleness: RevocationStaleness,
    private readonly clock: SteadyClock,
    private readonly config: RevocationConfig,
  ) {
    this.repetition = new Repetition(() => this.poll(), config.pollSeconds * 1_000);
  }

  /** Whether the last turn could read the log. */
  get state(): 'up' | 'down' {
    return this.outage.failing ? 'down' : 'up';
  }

  /** How many turns have failed since the process started. */
  get failures(): number {
    return this.outage.failures;
  }

  /**
   * Up to when everything that the log holds has been applied: by the database's clock, in
   * milliseconds since the epoch.
   */
  get readUntilMilliseconds(): number {
    return this.readUntil;
  }

  /**
   * Applies everything that the log holds.
   *
   * @throws whatever the database throws
   */
  async readAll(): Promise<void> {
    await this.connection.use(async (client) => {
      await this.readNew(client, () => undefined);
      // Reading a long log takes a while, and the list is as old as the question.
      this.staleness.heard(await this.readNew(client, () => undefined));
    });
  }

  /** Polls from now on, every `REVOCATION_POLL_SECONDS`. */
  start(): void {
    const { pollSeconds, maxStalenessSeconds } = this.config;
    if (pollSeconds >= maxStalenessSeconds) {
      this.logger.warn(
        'REVOCATION_POLL_SECONDS is not below REVOCATION_MAX_STALENESS_SECONDS: without Redis the list goes out of date between two polls.',
      );
    }
    this.repetition.start();
  }

  stop(): void {
    this.stopped = true;
    this.repetition.stop();
  }

  private async poll(): Promise<void> {
    try {
      await this.connection.use(async (client) => {
        // What the stream has not brought by now, it may never have got.
        const askedAt = await this.readNew(client, (entries) => this.unpublished.add(entries));
        this.staleness.heard(askedAt);
      });
      this.outage.succeeded();
    } catch (error) {
      if (!this.stopped) this.outage.failed(error);
    }
    this.live.forgetExpired();
    this.staleness.isOverdue();
  }

  /** @returns up to when the list is current then, by the monotonic clock */
  private async readNew(
    client: pg.ClientBase,
    onUnheard: (entries: readonly RevocationEntry[]) => void,
  ): Promise<number> {
    const askedAt = this.clock.monotonic();
    const { nowMilliseconds } = await this.checkPosition(client, askedAt);
    const late = await this.log.readGaps(client, this.position.gaps);
    onUnheard(this.live.apply(late.entries));
    this.position.settle(late.ids, askedAt);
    const before = this.position.highestId;
    for (;;) {
      const page = await this.log.readAfter(client, this.position.highestId, PAGE_SIZE);
      onUnheard(this.live.apply(page.entries));
      this.position.advance(page.ids, askedAt);
      if (page.ids.length < PAGE_SIZE) break;
    }
    if (this.position.highestId !== before) {
      this.writtenAt = (await this.log.readHead(client, this.position.highestId)).writtenAt;
    }
    this.readUntil = nowMilliseconds;
    return askedAt;
  }

  /**
   * A database that was restored, or failed over to a replica that lagged, gives ids a second
   * time: then the row at the position is missing or another one, and all is read again. So it is
   * when that row has expired and been deleted; little is left to read then.
   */
  private async checkPosition(client: pg.ClientBase, askedAt: number): Promise<LogHead> {
    const head = await this.log.readHead(client, this.position.highestId);
    this.clock.follow(head.nowMilliseconds, askedAt, this.clock.monotonic());
    if (head.writtenAt === this.writtenAt) return head;
    this.logger.debug('The newest known row of the revocation log is gone: reading all of it.');
    this.position.reset();
    this.writtenAt = null;
    return head;
  }
}
