import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Gauge } from 'prom-client';
import {
  type RevocationFigures,
  RevocationMetrics,
} from '../../tokens/revocation/revocation-metrics.js';
import { MetricsRegistry } from './metrics-registry.js';

type Described = Readonly<Record<keyof RevocationFigures, readonly [name: string, help: string]>>;

const FIGURES: Described = {
  liveRevocations: ['live', 'Revocations that a token could still meet'],
  stalenessSeconds: ['staleness_seconds', 'Time since Redis or Postgres last told of revocations'],
  overdue: ['overdue', '1 when that is longer than REVOCATION_MAX_STALENESS_SECONDS'],
  outages: ['outages', 'How often the list has become overdue'],
  redisUp: ['redis_up', '1 when this process tails Redis'],
  logUp: ['log_up', '1 when this process reads the log in Postgres'],
  pollFailures: ['poll_failures', 'Readings of the log that failed'],
  publishFailures: ['publish_failures', 'Attempts to tell Redis that failed'],
  unpublished: ['unpublished', 'Revocations that Redis has yet to be told of'],
  fullPublications: ['full_publications', 'How often this process published the whole log again'],
  databaseClockBehindSeconds: [
    'database_clock_behind_seconds',
    'By how much the clock of the database has been set back and has not made up for it',
  ],
};

/** The state of revocation in this process, read at each scrape. */
@Injectable()
export class RevocationGauges implements OnModuleInit {
  constructor(
    private readonly registry: MetricsRegistry,
    private readonly revocation: RevocationMetrics,
  ) {}

  onModuleInit(): void {
    const { revocation } = this;
    for (const [figure, [name, help]] of Object.entries(FIGURES)) {
      new Gauge({
        name: `latchkey_revocation_${name}`,
        help,
        registers: [this.registry],
        collect() {
          this.set(revocation.figures()[figure as keyof RevocationFigures]);
        },
      });
    }
  }
}
