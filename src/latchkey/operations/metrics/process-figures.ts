import { readFileSync } from 'node:fs';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { RefreshOutcomes } from '../../auth/session/refresh-outcomes.js';
import { droppedLines } from '../../platform/logging/create-logger.js';
import { SigningKeys } from '../../tokens/keys/signing-keys.js';
import { JobRecord } from '../jobs/job-record.js';
import { RetentionBatches } from '../retention/retention-batches.js';
import { byLabel, type Figure, registerFigures } from './figures.js';
import { MetricsRegistry } from './metrics-registry.js';

/** Of the application: it is a clone of Latchkey's. */
const MANIFEST = new URL('../../../../package.json', import.meta.url);

/** What the parts of this process count by themselves. */
@Injectable()
export class ProcessFigures implements OnModuleInit {
  constructor(
    private readonly registry: MetricsRegistry,
    private readonly dataSource: DataSource,
    private readonly refreshes: RefreshOutcomes,
    private readonly keys: SigningKeys,
    private readonly jobs: JobRecord,
    private readonly retention: RetentionBatches,
  ) {}

  onModuleInit(): void {
    registerFigures(this.registry, [
      buildInfo(),
      ...this.ofPool(),
      ...this.ofJobs(),
      {
        name: 'latchkey_refreshes_total',
        help: 'Refreshes by how they ended: reused is a stolen token, or a client that lost one',
        labels: ['outcome'],
        read: () => byLabel('outcome', this.refreshes.all),
      },
      {
        name: 'latchkey_signing_key_age_seconds',
        help: 'For how long the current key has been signing; SIGNING_KEY_ROTATION_DAYS bounds it',
        read: () => this.keys.currentForSeconds,
      },
      {
        name: 'latchkey_log_dropped_lines_total',
        help: 'Lines of the log that were dropped because its reader was too slow',
        read: droppedLines,
      },
    ]);
  }

  private ofPool(): Figure[] {
    const pool = () => (this.dataSource.driver as unknown as { master: Pool }).master;
    return [
      {
        name: 'latchkey_database_pool_connections',
        help: 'Connections of the pool to Postgres',
        labels: ['state'],
        read: () =>
          byLabel('state', [
            ['idle', pool().idleCount],
            ['busy', pool().totalCount - pool().idleCount],
          ]),
      },
      {
        name: 'latchkey_database_pool_max_connections',
        help: 'Connections that the pool may have: DATABASE_POOL_SIZE',
        read: () => pool().options.max,
      },
      {
        name: 'latchkey_database_pool_waiting',
        help: 'Requests that wait for a connection of the pool',
        read: () => pool().waitingCount,
      },
    ];
  }

  private ofJobs(): Figure[] {
    const jobs = () => [...this.jobs.all];
    return [
      {
        name: 'latchkey_job_runs_total',
        help: 'Runs of scheduled jobs by this process',
        labels: ['name', 'outcome'],
        read: () =>
          jobs().flatMap(([name, { succeeded, failed }]) => [
            { labels: { name, outcome: 'success' }, value: succeeded },
            { labels: { name, outcome: 'failure' }, value: failed },
          ]),
      },
      {
        name: 'latchkey_job_run_seconds_total',
        help: 'How long the runs of scheduled jobs have taken this process altogether',
        labels: ['name'],
        read: () =>
          byLabel(
            'name',
            jobs().map(([name, { tookSeconds }]) => [name, tookSeconds]),
          ),
      },
      {
        name: 'latchkey_job_last_run_timestamp_seconds',
        help: 'When a scheduled job began last, whichever process ran it',
        labels: ['name'],
        read: () =>
          byLabel(
            'name',
            jobs().map(([name, { ranAtSeconds }]) => [name, ranAtSeconds]),
          ),
      },
      {
        name: 'latchkey_retention_removed_rows_total',
        help: 'Rows that were old enough and that this process has removed',
        labels: ['table'],
        read: () => byLabel('table', this.retention.removed),
      },
    ];
  }
}

function buildInfo(): Figure {
  const { version } = JSON.parse(readFileSync(MANIFEST, 'utf8'));
  const labels = { version: String(version), node_version: process.version };
  return {
    name: 'latchkey_build_info',
    help: 'Always 1: the versions that run',
    labels: Object.keys(labels),
    read: () => [{ labels, value: 1 }],
  };
}
