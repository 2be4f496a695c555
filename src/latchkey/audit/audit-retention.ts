import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { commandLine } from '../platform/config/command-line.js';

/** Removes audit events that are old enough: the only way in which one ever goes. */
@Injectable()
export class AuditRetention {
  private readonly logger = new Logger('Retention');
  private leavesThem = false;

  /**
   * Removes events that are so many days old; returns how many. None where they are append-only
   * for the database role of this process, which it says once in the log.
   */
  async deleteOlderThan(manager: EntityManager, days: number, batchSize: number): Promise<number> {
    if (!(await this.mayDelete(manager))) {
      this.leaveThem();
      return 0;
    }
    const [, count] = await manager.query<[unknown[], number]>(
      `DELETE FROM audit_events WHERE id IN (
         SELECT id FROM audit_events
         WHERE created_at < clock_timestamp() - make_interval(days => $1)
         ORDER BY created_at LIMIT $2)`,
      [days, batchSize],
    );
    return count;
  }

  /** Whether the database role of this process may remove events (docs/audit.md). */
  async mayDelete(manager: EntityManager): Promise<boolean> {
    const [privilege] = await manager.query<{ granted: boolean }[]>(
      `SELECT has_table_privilege('audit_events', 'DELETE') AS granted`,
    );
    return privilege?.granted === true;
  }

  private leaveThem(): void {
    if (this.leavesThem) return;
    this.leavesThem = true;
    this.logger.log(
      `Old audit events stay: the role of DATABASE_URL may not delete them. "${commandLine()} retention run" removes them as the role that owns the tables.`,
    );
  }
}
