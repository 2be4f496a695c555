import type { DataSource, QueryRunner } from 'typeorm';
import { tryLockOfJob } from '../../platform/database/advisory-locks.js';
import type { JobRecord } from './job-record.js';
import type { ScheduledJob } from './scheduled-job.js';

/** What tries again while another instance is at it, or the database is away. */
export const LOOK_AGAIN_SECONDS = 5;
/** Postgres would end a transaction that is idle for `DATABASE_STATEMENT_TIMEOUT_SECONDS`. */
const HEARTBEAT_MILLISECONDS = 1_000;

/**
 * One look at one job: runs it if it is due and no other instance is at it. The lock is held by a
 * transaction that is open for as long as the job runs, and ends with it, with the connection or with the
 * process. It writes nothing until the job is done, so it holds back no vacuum.
 *
 * @returns in how many seconds to look again
 */
export async function takeTurn(
  dataSource: DataSource,
  job: ScheduledJob,
  stopping: AbortSignal,
  record: JobRecord,
): Promise<number> {
  const lookAgain = Math.min(job.intervalSeconds, LOOK_AGAIN_SECONDS);
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query(FIRST_SEEN, [job.name]);
    await runner.startTransaction();
    if (!(await tryLockOfJob(runner.manager, job.name))) return lookAgain;
    const [due] = await runner.query(DUE, [job.name, job.intervalSeconds]);
    record.ranAt(job, due.ranAtSeconds);
    if (due.seconds > 0) return due.seconds;
    const done = await runUnderLock(runner, job, stopping, record);
    if (!done) return lookAgain;
    await runner.query('UPDATE scheduled_jobs SET ran_at = $2::timestamptz WHERE name = $1', [
      job.name,
      due.now,
    ]);
    await runner.commitTransaction();
    return 0;
  } finally {
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    await runner.release().catch(() => undefined);
  }
}

const FIRST_SEEN = `
  INSERT INTO scheduled_jobs (name, ran_at) VALUES ($1, clock_timestamp()) ON CONFLICT DO NOTHING`;

const DUE = `
  SELECT clock_timestamp()::text AS now, extract(epoch FROM ran_at)::float8 AS "ranAtSeconds",
    extract(epoch FROM ran_at - clock_timestamp())::float8 + $2::float8 AS seconds
  FROM scheduled_jobs WHERE name = $1`;

/** Whether the run is over: false when it was cut off, and another instance is to begin it again. */
async function runUnderLock(
  runner: QueryRunner,
  job: ScheduledJob,
  stopping: AbortSignal,
  record: JobRecord,
): Promise<boolean> {
  const lost = new AbortController();
  let beat: Promise<unknown> = Promise.resolve();
  const heartbeat = setInterval(() => {
    beat = runner.query('SELECT 1').catch(() => lost.abort());
  }, HEARTBEAT_MILLISECONDS);
  const signal = AbortSignal.any([stopping, lost.signal]);
  const since = performance.now();
  const tookSeconds = () => (performance.now() - since) / 1_000;
  try {
    await job.run(signal);
    if (!signal.aborted) record.succeeded(job, tookSeconds());
    return !signal.aborted;
  } catch (error) {
    if (signal.aborted) return false;
    record.failed(job, tookSeconds(), error);
    return true;
  } finally {
    clearInterval(heartbeat);
    await beat;
  }
}
