export interface LatchkeyClientErrorDetails {
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  readonly requestId?: string;
  readonly fields?: readonly { readonly field: string; readonly message: string }[];
  readonly cause?: unknown;
}

/**
 * Everything that the client itself throws.
 *
 * `code` is the server's stable code (`GET /errors` lists them) or one of the client's own:
 * `client.no_answer` (offline, refused, or too slow), `client.unexpected_answer` (not what Latchkey
 * answers: a proxy's page, say) and `client.other_origin` (an address that must not get the token).
 */
export class LatchkeyClientError extends Error {
  override readonly name = 'LatchkeyClientError';
  readonly code: string;
  /** Of the answer; 0 when none came. */
  readonly status: number;
  readonly retryAfterSeconds?: number;
  /** Under which the server has logged the request. */
  readonly requestId?: string;
  /** What is wrong with which field, for `request.invalid`. */
  readonly fields?: LatchkeyClientErrorDetails['fields'];

  constructor(code: string, message: string, details: LatchkeyClientErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.status = details.status ?? 0;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.requestId = details.requestId;
    this.fields = details.fields;
  }
}
