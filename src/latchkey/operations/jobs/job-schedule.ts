import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { DiscoveryService, HttpAdapterHost } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { settlesWithin } from '../../platform/clock/settles-within.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { findProvided } from '../../platform/ports/find-provided.js';
import { JobRecord } from './job-record.js';
import { LOOK_AGAIN_SECONDS, takeTurn } from './job-turn.js';
import { ScheduledJob } from './scheduled-job.js';

const STOP_MILLISECONDS = 10_000;
/** Timers know no longer time. */
const LONGEST_WAIT_SECONDS = 2_000_000;

/** Looks after all scheduled jobs, Latchkey's own and those of features: see `takeTurn`. */
@Injectable()
export class JobSchedule
  implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown
{
  private readonly logger = new Logger('Jobs');
  private readonly stopping = new AbortController();
  private readonly timers = new Map<ScheduledJob, NodeJS.Timeout>();
  private readonly running = new Map<ScheduledJob, Promise<void>>();
  private jobs: readonly ScheduledJob[] = [];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly dataSource: DataSource,
    private readonly record: JobRecord,
    private readonly host: HttpAdapterHost,
  ) {}

  /** @throws StartupError naming a job that has no proper name or interval, or two of one name */
  onModuleInit(): void {
    this.jobs = findProvided(this.discovery, ScheduledJob);
    const names = new Set<string>();
    for (const job of this.jobs) {
      const { name, intervalSeconds } = job;
      if (!/^[a-z][a-z0-9-]{0,62}$/.test(name)) {
        throw new StartupError(`${job.constructor.name}: "${name}" is no name for a job.`);
      }
      if (names.has(name)) throw new StartupError(`Two jobs are called ${name}. Rename one.`);
      if (!(intervalSeconds >= 1)) {
        throw new StartupError(`The job ${name} needs an interval of at least a second.`);
      }
      names.add(name);
      this.record.add(job);
    }
  }

  onApplicationBootstrap(): void {
    // A command does what it was asked for, and nothing that is due besides.
    if (this.host.httpAdapter?.getInstance?.() === undefined) return;
    for (const job of this.jobs) {
      this.schedule(job, Math.min(job.intervalSeconds, LOOK_AGAIN_SECONDS));
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    for (const timer of this.timers.values()) clearTimeout(timer);
    const ended = Promise.all(this.running.values());
    await settlesWithin(STOP_MILLISECONDS, ended).catch(() =>
      this.logger.warn('A job did not end in time when it was told to stop'),
    );
  }

  private schedule(job: ScheduledJob, seconds: number): void {
    if (this.stopping.signal.aborted) return;
    const milliseconds = Math.min(seconds, LONGEST_WAIT_SECONDS) * 1_000;
    const begin = () => void this.running.set(job, this.look(job));
    this.timers.set(job, setTimeout(begin, Math.ceil(milliseconds)).unref());
  }

  private async look(job: ScheduledJob): Promise<void> {
    const { signal } = this.stopping;
    const seconds = await takeTurn(this.dataSource, job, signal, this.record).catch(
      (err: unknown) => {
        if (!signal.aborted)
          this.logger.warn({ err }, `The job ${job.name} could not be looked at`);
        return LOOK_AGAIN_SECONDS;
      },
    );
    this.schedule(job, seconds);
  }
}
