import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  type RevocationFigures as Figures,
  RevocationMetrics,
} from '../../tokens/revocation/revocation-metrics.js';
import { registerFigures } from './figures.js';
import { MetricsRegistry } from './metrics-registry.js';

type Described = Readonly<Record<keyof Figures, readonly [name: string, help: string]>>;

const FIGURES: Described = {
  liveRevocations: ['live', 'Revocations that a token could still meet'],
  stalenessSeconds: ['staleness_seconds', 'Time since Redis or Postgres last told of revocations'],
  overdue: ['overdue', '1 when that is longer than REVOCATION_MAX_STALENESS_SECONDS'],
  outages: ['outages_total', 'How often the list has become overdue'],
  redisUp: ['redis_up', '1 when this process tails Redis'],
  logUp: ['log_up', '1 when this process reads the log in Postgres'],
  pollFailures: ['poll_failures_total', 'Readings of the log that failed'],
  publishFailures: ['publish_failures_total', 'Attempts to tell Redis that failed'],
  unpublished: ['unpublished', 'Revocations that Redis has yet to be told of'],
  fullPublications: [
    'full_publications_total',
    'How often this process published the whole log again',
  ],
  databaseClockBehindSeconds: [
    'database_clock_behind_seconds',
    'By how much the clock of the database has been set back and has not made up for it',
  ],
};

/** The state of revocation in this process. */
@Injectable()
export class RevocationFigures implements OnModuleInit {
  constructor(
    private readonly registry: MetricsRegistry,
    private readonly revocation: RevocationMetrics,
  ) {}

  onModuleInit(): void {
    const figures = Object.entries(FIGURES).map(([figure, [name, help]]) => ({
      name: `latchkey_revocation_${name}`,
      help,
      read: () => this.revocation.figures()[figure as keyof Figures],
    }));
    registerFigures(this.registry, figures);
  }
}
