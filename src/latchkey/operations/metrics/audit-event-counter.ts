import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { Counter } from 'prom-client';
import { AUDIT_ACTIONS } from '../../audit/audit-action.js';
import type { AnnouncedEvent } from '../../audit/recorded-event.js';
import { MetricsRegistry } from './metrics-registry.js';

/** What happens to accounts and sessions in this process, by kind. */
@Injectable()
export class AuditEventCounter implements OnModuleInit {
  constructor(
    private readonly registry: MetricsRegistry,
    private readonly emitter: EventEmitter2,
  ) {}

  onModuleInit(): void {
    const events = new Counter({
      name: 'latchkey_audit_events_total',
      help: 'Audit events that this process has recorded',
      labelNames: ['action', 'outcome'],
      registers: [this.registry],
    });
    for (const action of AUDIT_ACTIONS) {
      this.emitter.on(action, ({ outcome = 'success' }: AnnouncedEvent) =>
        events.inc({ action, outcome }),
      );
    }
  }
}
