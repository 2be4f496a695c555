import { Injectable } from '@nestjs/common';
import { ExportUser } from '../platform/persons/export-user.js';
import { AuditHistory } from './audit-history.js';

/**
 * What the audit trail holds of somebody: what they did, whole, and what was done to their account without
 * who did it and from where, which is of other people.
 */
@Injectable()
export class AuditExport extends ExportUser {
  readonly name = 'auditEvents';

  constructor(private readonly history: AuditHistory) {
    super();
  }

  override async *export(userId: string): AsyncGenerator<unknown> {
    yield* this.history.readAll({ actorId: userId });
    for await (const event of this.history.readAll({ targetId: userId })) {
      if (event.actorId === userId) continue;
      const { id, createdAt, action, outcome, reason } = event;
      yield { id, createdAt, action, outcome, reason };
    }
  }
}
