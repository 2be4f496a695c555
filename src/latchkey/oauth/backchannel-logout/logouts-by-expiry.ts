import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { PeriodicTask } from '../../platform/clock/periodic-task.js';
import { OutageLog } from '../../platform/logging/outage-log.js';
import { OutboxHandler, type OutboxOutcome } from '../../platform/outbox/outbox-handler.js';
import { SingleSignOnConfig } from '../../tokens/sessions/sso/single-sign-on.config.js';
import { PendingLogoutStore } from './pending-logout-store.js';
import { LOGOUTS_OF_EVERYONE, TellClients } from './tell-clients.js';

const LOOK_SECONDS = 10;
/** In a transaction: each is short. */
const BATCH_SIZE = 500;

/**
 * Finds the sessions that are over although nobody has ended them: their time has run out. Every instance looks
 * every ten seconds, at those alone whose time may have.
 */
@Injectable()
export class LogoutsByExpiry implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly outage = new OutageLog(new Logger('SignOut'), 'Looking for expired sessions');
  private readonly repetition = new PeriodicTask(() => this.turn(), LOOK_SECONDS * 1_000);
  private stopped = false;

  constructor(
    private readonly config: SingleSignOnConfig,
    private readonly host: HttpAdapterHost,
    private readonly dataSource: DataSource,
    private readonly pending: PendingLogoutStore,
    private readonly tellClients: TellClients,
  ) {}

  onApplicationBootstrap(): void {
    const serves = this.host.httpAdapter?.getInstance?.() !== undefined;
    if (serves && this.config.isOn) this.repetition.start();
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    this.repetition.stop();
  }

  /** Until there is none left to look at. */
  async runOnce(): Promise<void> {
    while (!this.stopped && (await this.runBatch()));
  }

  private runBatch(): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const { taken, more } = await this.pending.takeExpired(manager, BATCH_SIZE);
      await this.tellClients.tell(manager, taken);
      return more;
    });
  }

  private async turn(): Promise<void> {
    try {
      await this.runOnce();
      this.outage.succeeded();
    } catch (error) {
      if (!this.stopped) this.outage.failed(error);
    }
  }
}

/** After an emergency stop, every session is looked at: not in the transaction that stops them. */
@Injectable()
export class LogoutsOfEveryone extends OutboxHandler {
  readonly kind = LOGOUTS_OF_EVERYONE;

  constructor(
    private readonly dataSource: DataSource,
    private readonly pending: PendingLogoutStore,
    private readonly byExpiry: LogoutsByExpiry,
  ) {
    super();
  }

  override async deliver(): Promise<OutboxOutcome> {
    await this.pending.lookAtAll(this.dataSource.manager);
    await this.byExpiry.runOnce();
    return 'delivered';
  }
}
