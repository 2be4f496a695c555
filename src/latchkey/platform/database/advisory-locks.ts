import type { EntityManager } from 'typeorm';

/**
 * Every advisory lock that Latchkey takes on a number of its own. All instances on one database share
 * them, those of the version before during a rolling deploy as well: a number never changes its
 * meaning. All are taken for one transaction, so that they work through a pooler in transaction mode.
 */
export const ADVISORY_LOCKS = {
  /** Running migrations: instances that start together migrate one after another. */
  migration: 7_236_001,
  /** A batch of retention: one instance at a time removes what is old. */
  retention: 7_236_002,
  /** Every change of the table of signing keys, the first start's included. */
  signingKeys: 7_265_108_471,
} as const;

type AdvisoryLock = (typeof ADVISORY_LOCKS)[keyof typeof ADVISORY_LOCKS];

/** Waits for the lock, and holds it until the transaction ends. */
export async function takeLock(manager: EntityManager, lock: AdvisoryLock): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock($1)', [lock]);
}

/** @returns false at once when another transaction holds the lock; otherwise as `takeLock` */
export async function tryLock(manager: EntityManager, lock: AdvisoryLock): Promise<boolean> {
  const [row] = await manager.query<{ granted: boolean }[]>(
    'SELECT pg_try_advisory_xact_lock($1) AS granted',
    [lock],
  );
  return row?.granted === true;
}

/**
 * The same for the lock of a scheduled job, by its name. Held for as long as the job runs, by a transaction
 * that does nothing else.
 */
export async function tryLockOfJob(manager: EntityManager, name: string): Promise<boolean> {
  const [row] = await manager.query<{ granted: boolean }[]>(
    'SELECT pg_try_advisory_xact_lock(hashtextextended($1::text, 0)) AS granted',
    [`job ${name}`],
  );
  return row?.granted === true;
}

/**
 * Waits for the lock of one id, and holds it until the transaction ends. It guards three things: the
 * number of a user's sessions (`SessionLimit`, by the user's id), that of one-time secrets that are shared
 * beyond a number (`IssueOneTimeSecret`, by the user's id), and that an event which anybody may
 * repeat is recorded once an hour (`AuditTrail.recordOnceAnHour`, by the id of its target). The
 * numbers are 64 bits of a hash: two ids that share one only wait for each other. Take no second one
 * in the same transaction, since two callers could take them in different orders.
 */
export async function takeLockOf(manager: EntityManager, id: string): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1::text, 0))', [id]);
}
