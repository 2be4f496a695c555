import type { ServiceLimit } from './service-limit.js';

/** An attempt that counts whatever comes of it. */
export interface CountedAttempt {
  /** False: it must be refused, and has been counted nowhere. */
  readonly admitted: boolean;
  readonly limit: ServiceLimit;
}
