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
