/** What is fixed about a kind of error: part of the contract with clients. */
export interface ErrorDefinition {
  /** Stable and machine-readable: `module.what_happened`. */
  readonly code: string;
  readonly status: number;
  /** One sentence that says what happened. The same for every occurrence. */
  readonly title: string;
  /** One sentence that says what the caller can do about it. Printed in the error catalogue. */
  readonly remedy: string;
  /** The `WWW-Authenticate` challenge. By default chosen from the status (RFC 6750 section 3). */
  readonly challenge?: string;
}

/** A field of the request that was refused, and why. Never carries the value. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

const MAX_ERRORS = 20;
const MAX_BYTES = 3_000;
const MAX_FIELD_LENGTH = 100;
const MAX_MESSAGE_LENGTH = 300;

/** As many of them as an answer of less than 4 KiB may name: at most twenty, and always one. */
export function nameable(errors: readonly FieldError[]): FieldError[] {
  let bytes = 0;
  const shortened = errors.slice(0, MAX_ERRORS).map(({ field, message }) => ({
    field: field.slice(0, MAX_FIELD_LENGTH),
    message: message.slice(0, MAX_MESSAGE_LENGTH),
  }));
  return shortened.filter((error, index) => {
    bytes += Buffer.byteLength(JSON.stringify(error));
    return index === 0 || bytes <= MAX_BYTES;
  });
}

export interface ErrorOccurrence {
  /** Said to the caller about this occurrence. Must hold nothing private. */
  readonly detail?: string;
  /** Those that were refused; more than twenty are not all named. */
  readonly fields?: readonly FieldError[];
  /** For the log only; never leaves the process. */
  readonly cause?: unknown;
  /** When trying again makes sense, in seconds. Sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** The `WWW-Authenticate` challenge, in place of the definition's. */
  readonly challenge?: string;
  /** More members of the problem (RFC 9457 section 3.2), for programs. Must hold nothing private. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/**
 * The one error class of the services. The filter turns it into `application/problem+json`
 * (RFC 9457); everything but `cause` is public.
 */
export class LatchkeyError extends Error {
  readonly detail?: string;
  readonly fields?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
  readonly challenge?: string;
  readonly members?: Readonly<Record<string, unknown>>;

  constructor(
    readonly definition: ErrorDefinition,
    occurrence: ErrorOccurrence = {},
  ) {
    super(occurrence.detail ?? definition.title, { cause: occurrence.cause });
    this.name = 'LatchkeyError';
    this.detail = occurrence.detail;
    this.fields = occurrence.fields && nameable(occurrence.fields);
    this.retryAfterSeconds = occurrence.retryAfterSeconds;
    this.challenge = occurrence.challenge;
    this.members = occurrence.members;
  }

  get code(): string {
    return this.definition.code;
  }
}
