import type { AssuranceDemand } from './step-up.js';

export interface LatchkeyClientErrorDetails {
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  readonly requestId?: string;
  readonly fields?: readonly { readonly field: string; readonly message: string }[];
  readonly challenge?: SecondFactorChallenge;
  readonly demand?: AssuranceDemand;
  readonly cause?: unknown;
}

/** What a sign-in of an account with a second factor is answered, with `auth.second_factor_required`. */
export interface SecondFactorChallenge {
  /** For `completeSignIn`. It is no session. */
  readonly challenge: string;
  /** What can be shown: `totp`, `recovery_code`, `passkey`. */
  readonly methods: readonly string[];
  /** How long it is good, in seconds. */
  readonly expiresIn: number;
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
  /** For `auth.second_factor_required`. */
  readonly challenge?: SecondFactorChallenge;
  /** For `auth.fresh_sign_in_required` and `access.assurance_insufficient`: what `stepUp` has to show. */
  readonly demand?: AssuranceDemand;

  constructor(code: string, message: string, details: LatchkeyClientErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.status = details.status ?? 0;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.requestId = details.requestId;
    this.fields = details.fields;
    this.challenge = details.challenge;
    this.demand = details.demand;
  }
}
