import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { PeriodicTask } from '../../platform/clock/periodic-task.js';
import { type OutboxCounts, OutboxStore } from '../../platform/outbox/outbox-store.js';
import { byLabel, registerFigures } from './figures.js';
import { MetricsRegistry } from './metrics-registry.js';

const SURVEY_MILLISECONDS = 10_000;

/** How the outbox fares, as of the last ten seconds: a scrape asks the database nothing. */
@Injectable()
export class OutboxFigures implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly surveying = new PeriodicTask(() => this.survey(), SURVEY_MILLISECONDS);
  private counts: OutboxCounts = { waiting: 0, dead: 0, oldestSeconds: 0 };

  constructor(
    registry: MetricsRegistry,
    private readonly store: OutboxStore,
    private readonly host: HttpAdapterHost,
  ) {
    registerFigures(registry, [
      {
        name: 'latchkey_outbox_messages',
        help: 'Messages of the whole deployment that wait, and those that were given up',
        labels: ['state'],
        read: () =>
          byLabel('state', [
            ['waiting', this.counts.waiting],
            ['dead', this.counts.dead],
          ]),
      },
      {
        name: 'latchkey_outbox_oldest_waiting_seconds',
        help: 'How long the oldest message that waits has been waiting',
        read: () => this.counts.oldestSeconds,
      },
    ]);
  }

  onApplicationBootstrap(): void {
    if (this.host.httpAdapter?.getInstance?.() === undefined) return;
    void this.survey();
    this.surveying.start();
  }

  beforeApplicationShutdown(): void {
    this.surveying.stop();
  }

  /** Keeps the figures as they were while the database does not answer; other metrics say so. */
  private async survey(): Promise<void> {
    this.counts = (await this.store.counts().catch(() => null)) ?? this.counts;
  }
}
