import { Injectable, Logger } from '@nestjs/common';
import type { ScheduledJob } from './scheduled-job.js';

/** How a job has fared. Runs are those of this process; `ranAtSeconds` is that of whichever ran it. */
export interface JobFigures {
  readonly succeeded: number;
  readonly failed: number;
  /** How long its runs have taken here altogether. */
  readonly tookSeconds: number;
  /** When it began last, in seconds since 1970 by the database's clock; NaN before it was looked at. */
  readonly ranAtSeconds: number;
}

const NEVER: JobFigures = { succeeded: 0, failed: 0, tookSeconds: 0, ranAtSeconds: Number.NaN };

/** How scheduled jobs fare: for the log and for metrics. */
@Injectable()
export class JobRecord {
  private readonly logger = new Logger('Jobs');
  private readonly figures = new Map<string, JobFigures>();

  /** By the job's name. */
  get all(): ReadonlyMap<string, JobFigures> {
    return this.figures;
  }

  add({ name }: ScheduledJob): void {
    this.figures.set(name, NEVER);
  }

  ranAt(job: ScheduledJob, ranAtSeconds: number): void {
    this.change(job, () => ({ ranAtSeconds }));
  }

  succeeded(job: ScheduledJob, seconds: number): void {
    this.change(job, ({ succeeded, tookSeconds }) => ({
      succeeded: succeeded + 1,
      tookSeconds: tookSeconds + seconds,
    }));
  }

  failed(job: ScheduledJob, seconds: number, err: unknown): void {
    this.logger.error({ err, job: job.name }, `The job ${job.name} failed`);
    this.change(job, ({ failed, tookSeconds }) => ({
      failed: failed + 1,
      tookSeconds: tookSeconds + seconds,
    }));
  }

  private change(
    { name }: ScheduledJob,
    change: (figures: JobFigures) => Partial<JobFigures>,
  ): void {
    const figures = this.figures.get(name) ?? NEVER;
    this.figures.set(name, { ...figures, ...change(figures) });
  }
}
