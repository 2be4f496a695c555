import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Gauge } from 'prom-client';
import { PeriodicTask } from '../../platform/clock/periodic-task.js';
import { type OutboxCounts, OutboxStore } from '../../platform/outbox/outbox-store.js';
import { MetricsRegistry } from './metrics-registry.js';

const SURVEY_MILLISECONDS = 10_000;

const FIGURES: Readonly<Record<keyof OutboxCounts, readonly [name: string, help: string]>> = {
  waiting: ['waiting', 'Messages of the whole deployment that are still to be delivered'],
  dead: [
    'dead',
    'Messages of the whole deployment that were given up: GET /admin/outbox?state=dead',
  ],
  oldestSeconds: ['oldest_seconds', 'How long the oldest message that waits has been waiting'],
};

/** How the outbox fares, as of the last ten seconds: a scrape asks the database nothing. */
@Injectable()
export class OutboxGauges implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly surveying = new PeriodicTask(() => this.survey(), SURVEY_MILLISECONDS);
  private readonly gauges: ReadonlyMap<keyof OutboxCounts, Gauge>;

  constructor(
    registry: MetricsRegistry,
    private readonly store: OutboxStore,
  ) {
    const gauges = Object.entries(FIGURES).map(([figure, [name, help]]) => [
      figure as keyof OutboxCounts,
      new Gauge({ name: `latchkey_outbox_${name}`, help, registers: [registry] }),
    ]) as [keyof OutboxCounts, Gauge][];
    this.gauges = new Map(gauges);
  }

  onApplicationBootstrap(): void {
    void this.survey();
    this.surveying.start();
  }

  beforeApplicationShutdown(): void {
    this.surveying.stop();
  }

  /** Keeps the figures as they were while the database does not answer; other metrics say so. */
  private async survey(): Promise<void> {
    const counts = await this.store.counts().catch(() => null);
    if (counts === null) return;
    for (const [figure, gauge] of this.gauges) gauge.set(counts[figure]);
  }
}
