import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { AuditRetention } from '../../audit/audit-retention.js';
import { OutboxStore } from '../../platform/outbox/outbox-store.js';
import { findProvided } from '../../platform/ports/find-provided.js';
import { OneTimeStore } from '../../tokens/one-time/one-time-store.js';
import { RevocationLog } from '../../tokens/revocation/log/revocation-log.js';
import { SessionRetention } from '../../tokens/sessions/store/session-retention.js';
import { RetentionConfig } from './retention.config.js';
import { RetentionJob } from './retention-job.js';

/** Does one batch; whether there is more to do. */
export type Batch = (manager: EntityManager) => Promise<boolean>;

/** What one round consists of. Removing comes after marking, for only what is marked is removed. */
@Injectable()
export class RetentionBatches implements OnModuleInit {
  private jobs: readonly RetentionJob[] = [];

  constructor(
    private readonly config: RetentionConfig,
    private readonly sessions: SessionRetention,
    private readonly log: RevocationLog,
    private readonly audit: AuditRetention,
    private readonly oneTime: OneTimeStore,
    private readonly outbox: OutboxStore,
    private readonly discovery: DiscoveryService,
  ) {}

  onModuleInit(): void {
    this.jobs = findProvided(this.discovery, RetentionJob);
  }

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
      async (manager) => full(await this.oneTime.deleteOld(manager, batchSize)),
      async (manager) => full(await this.outbox.deleteSettled(manager, batchSize)),
      ...this.jobs.map(
        (job): Batch =>
          async (manager) =>
            (await job.removeBatch(manager, batchSize)) >= batchSize,
      ),
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
