import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Removes audit events that are old enough: the only way in which one ever goes. */
@Injectable()
export class AuditRetention {
  /** Removes events that are so many days old; returns how many. */
  async deleteOlderThan(manager: EntityManager, days: number, batchSize: number): Promise<number> {
    const [, count] = await manager.query<[unknown[], number]>(
      `DELETE FROM audit_events WHERE id IN (
         SELECT id FROM audit_events
         WHERE created_at < clock_timestamp() - make_interval(days => $1)
         ORDER BY created_at LIMIT $2)`,
      [days, batchSize],
    );
    return count;
  }
}
