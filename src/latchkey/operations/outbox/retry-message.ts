import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { type OutboxRow, OutboxStore } from '../../platform/outbox/outbox-store.js';
import { outboxErrors } from './outbox.errors.js';

@Injectable()
export class RetryMessage {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: OutboxStore,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Has a message tried again now, and for another day if it was given up.
   *
   * @throws LatchkeyError `outbox.not_found`, `outbox.settled`
   */
  retry(id: string, actor: Actor): Promise<OutboxRow> {
    return this.dataSource.transaction(async (manager) => {
      const retried = await this.store.retry(manager, id);
      const message = await this.store.find(manager, id);
      if (message === null) throw outboxErrors.notFound();
      if (!retried) throw outboxErrors.settled();
      await this.audit.record(manager, {
        action: 'message.retried',
        actor,
        target: { type: 'message', id },
        details: { kind: message.kind },
      });
      return message;
    });
  }
}
