import { Injectable, Logger } from '@nestjs/common';
import type pg from 'pg';
import { PeriodicTask } from '../../../platform/clock/periodic-task.js';
import { SteadyClock } from '../../../platform/clock/steady-clock.js';
import { SideConnection } from '../../../platform/database/connection/side-connection.js';
import { OutageLog } from '../../../platform/logging/outage-log.js';
import { inSpan } from '../../../platform/tracing/in-span.js';
import type { RevocationEntry } from '../kinds/revocation.js';
import { LiveRevocations } from '../live/live-revocations.js';
import { RevocationStaleness } from '../live/revocation-staleness.js';
import { RevocationConfig } from '../revocation.config.js';
import { UnpublishedRevocations } from '../stream/unpublished-revocations.js';
import { LogContinuity } from './log-continuity.js';
import { LOG_START } from './log-position.js';
import { type LogReading, RevocationLog } from './revocation-log.js';

/**
 * Reads the durable log again and again: whatever Redis lost or never got arrives by this. It has
 * a connection of its own, so that neither an exhausted pool nor a statement that hangs holds it
 * up. Each turn also sets the process's clock by the database's.
 */
@Injectable()
export class RevocationPoller {
  private readonly logger = new Logger('Revocation');
  private readonly outage = new OutageLog(this.logger, 'Reading the revocation log');
  private readonly timeKeeping = new OutageLog(this.logger, 'Keeping the time of the log');
  private readonly repetition: PeriodicTask;
  private position = LOG_START;
  private behind = 0;
  private stopped = false;

  constructor(
    private readonly connection: SideConnection,
    private readonly log: RevocationLog,
    private readonly live: LiveRevocations,
    private readonly unpublished: UnpublishedRevocations,
    private readonly staleness: RevocationStaleness,
    private readonly clock: SteadyClock,
    private readonly continuity: LogContinuity,
    private readonly config: RevocationConfig,
  ) {
    this.repetition = new PeriodicTask(
      async () => void (await this.turn()),
      config.pollSeconds * 1_000,
    );
  }

  /** Whether the last turn could read the log. */
  get state(): 'up' | 'down' {
    return this.outage.failing ? 'down' : 'up';
  }

  /** By how much the database's clock is behind what it told before, in seconds. */
  get databaseBehindSeconds(): number {
    return this.behind;
  }

  /** How many turns have failed since the process started. */
  get failures(): number {
    return this.outage.failures;
  }

  /**
   * Applies everything that the log holds.
   *
   * @throws whatever the database throws
   */
  async readAll(): Promise<void> {
    const { latestMilliseconds } = await this.connection.use(async (client) => {
      await this.readNew(client, () => undefined);
      // Reading a long log takes a while, and the list is as old as the question.
      return this.readNew(client, () => undefined);
    });
    await this.continuity.check(latestMilliseconds);
    // Before the first token is issued by it: the log's times must not go back behind that.
    await this.keepTime(latestMilliseconds);
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

  /**
   * A turn of its own: what the log says by now has been applied. The next one by the clock comes
   * so much later. Null when it could not be read.
   */
  async poll(): Promise<LogReading | null> {
    this.repetition.postpone();
    return this.turn();
  }

  private async turn(): Promise<LogReading | null> {
    let reading: LogReading | null = null;
    try {
      reading = await inSpan({ name: 'revocations from the log' }, () =>
        this.connection.use((client) =>
          // What the stream has not brought by now, it may never have got.
          this.readNew(client, (entries) => this.unpublished.add(entries)),
        ),
      );
      this.outage.succeeded();
      await this.continuity.check(reading.latestMilliseconds);
      if (reading.timeIsDue) await this.keepTime(reading.latestMilliseconds);
    } catch (error) {
      if (!this.stopped) this.outage.failed(error);
    }
    this.live.forgetExpired();
    this.staleness.isOverdue();
    return reading;
  }

  private async readNew(
    client: pg.ClientBase,
    onUnheard: (entries: readonly RevocationEntry[]) => void,
  ): Promise<LogReading> {
    const askedAt = this.clock.monotonic();
    let stepMilliseconds = 0;
    const reading = await this.log.read(client, this.position, {
      timeIs: (now) => {
        stepMilliseconds = this.clock.follow(now, askedAt, this.clock.monotonic());
      },
      take: (page) => onUnheard(this.live.apply(page)),
    });
    // What had expired by the former time may be needed now.
    this.position = stepMilliseconds === 0 ? reading.position : LOG_START;
    if (stepMilliseconds !== 0) this.tellOfStep(stepMilliseconds / 1_000);
    this.behind = reading.behindSeconds;
    this.staleness.heard(askedAt);
    return reading;
  }

  private async keepTime(latestMilliseconds: number): Promise<void> {
    try {
      await this.connection.use((client) => this.log.keepTime(client, latestMilliseconds));
      this.timeKeeping.succeeded();
    } catch (error) {
      if (!this.stopped) this.timeKeeping.failed(error);
    }
  }

  private tellOfStep(seconds: number): void {
    const direction = seconds > 0 ? 'forward' : 'back';
    this.logger.warn(
      `The database's clock has been set ${direction} by ${Math.round(Math.abs(seconds))} s, and tokens are judged by it. Tokens from before have to be refreshed.`,
    );
  }
}
