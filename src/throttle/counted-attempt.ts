import type { ServiceLimit } from './service-limit.js';

/** An attempt that has been counted before anybody knows how it ends. */
export interface CountedAttempt {
  /** False: it must be refused, and has been counted nowhere. */
  readonly admitted: boolean;
  readonly limit: ServiceLimit;
  /** Whether others are refused from now on, unless this attempt succeeds. */
  readonly isLast: boolean;
  succeed(): Promise<void>;
  /** It was no attempt after all: nobody has judged it. */
  withdraw(): Promise<void>;
}
