import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { Counter } from 'prom-client';
import { AUDIT_ACTIONS, AUDIT_OUTCOMES } from '../../audit/audit-action.js';
import type { AnnouncedEvent } from '../../audit/recorded-event.js';
import { MetricsRegistry } from './metrics-registry.js';

/** Which events tell how a sign-in has ended. */
const SIGN_INS: Readonly<Record<string, string>> = {
  'session.started': 'success',
  'sign_in.failed': 'failure',
  'sign_in.throttled': 'throttled',
};

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
    const signIns = new Counter({
      name: 'latchkey_sign_ins_total',
      help: 'Sign-ins by how they ended; throttled counts the pauses that began',
      labelNames: ['outcome'],
      registers: [this.registry],
    });
    for (const outcome of Object.values(SIGN_INS)) signIns.inc({ outcome }, 0);
    for (const action of AUDIT_ACTIONS) {
      for (const outcome of AUDIT_OUTCOMES) events.inc({ action, outcome }, 0);
      const signIn = SIGN_INS[action];
      this.emitter.on(action, ({ outcome = 'success' }: AnnouncedEvent) => {
        events.inc({ action, outcome });
        if (signIn !== undefined) signIns.inc({ outcome: signIn });
      });
    }
  }
}
