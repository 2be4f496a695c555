import type { QuotaPolicy, ServiceLimit } from './service-limit.js';

/** An attempt that has been let in: it holds its place under the limit until it is judged. */
export interface AdmittedAttempt {
  readonly outcome: 'admitted';
  readonly limit: ServiceLimit;
  /** It counts. Says where others stand who are refused from now on, or null. */
  count(): Promise<ServiceLimit | null>;
  succeed(): Promise<void>;
  /** It was no attempt after all, and is not counted. */
  withdraw(): Promise<void>;
}

/**
 * An attempt that has not been let in and is not counted. `refused`: judged attempts have used the
 * limit up. `undecided`: attempts that are still being judged may use it up.
 */
export interface HeldUpAttempt {
  readonly outcome: 'refused' | 'undecided';
  readonly limit: ServiceLimit;
}

/**
 * A limit on attempts that count only once they have been judged. However many come at once, at
 * however many instances, no more are let in than would be if they came one after another.
 */
export interface JudgedLimit {
  readonly policy: QuotaPolicy;
  /** Where a subject stands that is refused at the moment; null for every other. Counts nothing. */
  findRefusal(subject: string): Promise<ServiceLimit | null>;
  /** Call it just before the attempt is judged: what it holds, others wait for. */
  reserve(subject: string): Promise<AdmittedAttempt | HeldUpAttempt>;
  /** Forgets what has been counted of the subject: it stands as if it had never failed. */
  lift(subject: string): Promise<void>;
}
