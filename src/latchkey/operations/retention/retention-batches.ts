import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { AuditRetention } from '../../audit/audit-retention.js';
import { ExternalConfig } from '../../auth/external/external.config.js';
import { SelfRegisteredStore } from '../../oauth/clients/registration/self-registered-store.js';
import { DeviceStore } from '../../oauth/device/device-store.js';
import { OutboxStore } from '../../platform/outbox/outbox-store.js';
import { findProvided } from '../../platform/ports/find-provided.js';
import { OneTimeStore } from '../../tokens/one-time/one-time-store.js';
import { RevocationLog } from '../../tokens/revocation/log/revocation-log.js';
import { SessionRetention } from '../../tokens/sessions/store/session-retention.js';
import { AddressStore } from '../../users/accounts/store/address-store.js';
import { IdentityTokenStore } from '../../users/identities/identity-token-store.js';
import { RetentionConfig } from './retention.config.js';
import { RetentionJob } from './retention-job.js';

/** Does one batch; whether there is more to do. */
export type Batch = (manager: EntityManager) => Promise<boolean>;

/** The tables that Latchkey removes rows of. */
const OWN_KINDS = [
  'sessions',
  'session_cutoffs',
  'revocation_log',
  'audit_events',
  'one_time_secrets',
  'outbox',
  'former_addresses',
  'device_authorizations',
  'identity_tokens',
  'oauth_clients',
] as const;

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
    private readonly addresses: AddressStore,
    private readonly devices: DeviceStore,
    private readonly external: ExternalConfig,
    private readonly tokens: IdentityTokenStore,
    private readonly clients: SelfRegisteredStore,
    private readonly discovery: DiscoveryService,
  ) {}

  onModuleInit(): void {
    this.jobs = findProvided(this.discovery, RetentionJob);
  }

  /** How many rows this process has removed, by what they were. */
  readonly removed = new Map<string, number>(OWN_KINDS.map((kind) => [kind, 0]));

  /** Each is to be repeated until it says that nothing is left. */
  ofOneRound(): Batch[] {
    const { batchSize: size, endedSessionDays, auditDays } = this.config;
    return [
      this.markSessions(),
      this.removing('sessions', (manager) =>
        this.sessions.deleteEnded(manager, endedSessionDays, size),
      ),
      this.removing('session_cutoffs', (manager) =>
        this.sessions.deleteCutoffs(manager, endedSessionDays, size),
      ),
      this.removing('revocation_log', (manager) => this.log.deleteExpired(manager, size)),
      this.removing('audit_events', (manager) =>
        this.audit.deleteOlderThan(manager, auditDays, size),
      ),
      this.removing('one_time_secrets', (manager) => this.oneTime.deleteOld(manager, size)),
      this.removing('outbox', (manager) => this.outbox.deleteSettled(manager, size)),
      this.removing('former_addresses', (manager) => this.addresses.deleteExpired(manager, size)),
      this.removing('device_authorizations', (manager) => this.devices.deleteOld(manager, size)),
      this.removing('identity_tokens', (manager) =>
        this.tokens.deleteOld(manager, this.external.keeping, size),
      ),
      this.removing('oauth_clients', (manager) => this.clients.deleteOld(manager, size)),
      ...this.jobs.map((job) =>
        this.removing(job.constructor.name, (manager) => job.removeBatch(manager, size)),
      ),
    ];
  }

  private removing(kind: string, remove: (manager: EntityManager) => Promise<number>): Batch {
    return async (manager) => {
      const count = await remove(manager);
      this.removed.set(kind, (this.removed.get(kind) ?? 0) + count);
      return count >= this.config.batchSize;
    };
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
