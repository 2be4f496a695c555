import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditRetention } from '../audit/audit-retention.js';
import { RevocationLog } from '../revocation/revocation-log.js';
import { SessionRetention } from '../tokens/session-retention.js';
import { RetentionConfig } from './retention.config.js';

/** Does one batch; whether there is more to do. */
export type Batch = (manager: EntityManager) => Promise<boolean>;

/** What one round consists of. Removing comes after marking, for only what is marked is removed. */
@Injectable()
export class RetentionBatches {
  constructor(
    private readonly config: RetentionConfig,
    private readonly sessions: SessionRetention,
    private readonly log: RevocationLog,
    private readonly audit: AuditRetention,
  ) {}

  /** Each is to be repeated until it says that nothing is left. */
  ofOneRound(): Batch[] {
    const { batchSize, endedSessionDays, auditDays } = this.config;
    const full = (count: number) => count === batchSize;
    return [
      this.markSessions(),
      async (manager) =>
        full(await this.sessions.deleteEnded(manager, endedSessionDays, batchSize)),
      async (manager) =>
        full(await this.sessions.deleteCutoffs(manager, endedSessionDays, batchSize)),
      async (manager) => full(await this.log.deleteExpired(manager, batchSize)),
      async (manager) => full(await this.audit.deleteOlderThan(manager, auditDays, batchSize)),
    ];
  }

  private markSessions(): Batch {
    let after: string | null = null;
    return async (manager) => {
      const { next } = await this.sessions.markOver(manager, after, this.config.batchSize);
      after = next;
      return next !== null;
    };
  }
}
