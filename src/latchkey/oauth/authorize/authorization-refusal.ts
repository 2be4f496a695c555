/**
 * What a client is told by redirect (RFC 6749 section 4.1.2.1, OpenID Connect Core section 3.1.2.6, RFC 8707 section 2,
 * OpenID Connect Core Unmet Authentication Requirements 1.0).
 */
export type AuthorizationErrorCode =
  | 'access_denied'
  | 'account_selection_required'
  | 'consent_required'
  | 'interaction_required'
  | 'invalid_request'
  | 'invalid_scope'
  | 'invalid_target'
  | 'login_required'
  | 'registration_not_supported'
  | 'request_not_supported'
  | 'request_uri_not_supported'
  | 'unauthorized_client'
  | 'unmet_authentication_requirements'
  | 'unsupported_response_type';

/** An authorization request is refused. Where its client and its redirect URI are known, the client is told. */
export class AuthorizationRefusal extends Error {
  constructor(
    readonly code: AuthorizationErrorCode,
    readonly description: string,
  ) {
    super(`${code}: ${description}`);
  }
}
