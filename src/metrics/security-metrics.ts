import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { Counter, Gauge } from 'prom-client';
import { AUDIT_ACTIONS } from '../audit/audit-action.js';
import type { RecordedEvent } from '../audit/recorded-event.js';
import { RevocationFeedState } from '../revocation/revocation-feed-state.js';
import { MetricsRegistry } from './metrics-registry.js';

/** What an operator watches: what happens to accounts and sessions, and how current revocation is. */
@Injectable()
export class SecurityMetrics implements OnModuleInit {
  constructor(
    private readonly registry: MetricsRegistry,
    private readonly emitter: EventEmitter2,
    private readonly revocation: RevocationFeedState,
  ) {}

  onModuleInit(): void {
    this.countAuditEvents();
    this.watchRevocation();
  }

  private countAuditEvents(): void {
    const events = new Counter({
      name: 'latchkey_audit_events_total',
      help: 'Audit events that this process has recorded',
      labelNames: ['action', 'outcome'],
      registers: [this.registry],
    });
    for (const action of AUDIT_ACTIONS) {
      this.emitter.on(action, ({ outcome = 'success' }: RecordedEvent) =>
        events.inc({ action, outcome }),
      );
    }
  }

  private watchRevocation(): void {
    const { revocation, registry } = this;
    const gauge = (name: string, help: string, read: () => number) =>
      new Gauge({
        name,
        help,
        registers: [registry],
        collect() {
          this.set(read());
        },
      });
    gauge(
      'latchkey_revocation_last_heard_seconds',
      'Time since Redis or Postgres last told this process of revocations',
      () => revocation.lastHeardSeconds ?? Number.POSITIVE_INFINITY,
    );
    gauge(
      'latchkey_revocation_overdue',
      '1 when the list of revocations is older than REVOCATION_MAX_STALENESS_SECONDS',
      () => Number(revocation.overdue),
    );
    gauge('latchkey_revocation_redis_up', '1 when this process tails Redis', () =>
      Number(revocation.redis === 'up'),
    );
  }
}
