import type { ErrorDefinition } from './error-definition.js';
import { type FieldError, nameable } from './field-error.js';

export interface ErrorOccurrence {
  /** Said to the caller about this occurrence. Must hold nothing private. */
  readonly detail?: string;
  /** Those that were refused; more than twenty are not all named. */
  readonly fields?: readonly FieldError[];
  /** For the log only; never leaves the process. */
  readonly cause?: unknown;
  /** When trying again makes sense, in seconds. Sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;
}

/**
 * The one error class of the services. The filter turns it into `application/problem+json`
 * (RFC 9457); everything but `cause` is public.
 */
export class LatchkeyError extends Error {
  readonly detail?: string;
  readonly fields?: readonly FieldError[];
  readonly retryAfterSeconds?: number;

  constructor(
    readonly definition: ErrorDefinition,
    occurrence: ErrorOccurrence = {},
  ) {
    super(occurrence.detail ?? definition.title, { cause: occurrence.cause });
    this.name = 'LatchkeyError';
    this.detail = occurrence.detail;
    this.fields = occurrence.fields && nameable(occurrence.fields);
    this.retryAfterSeconds = occurrence.retryAfterSeconds;
  }

  get code(): string {
    return this.definition.code;
  }
}
