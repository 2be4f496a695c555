import { LatchkeyClientError } from './latchkey-client-error.js';

/** The server's word, and the only one, that a session is over. */
const SESSION_IS_OVER = /^auth\.(refresh_invalid|refresh_reused|session_expired|session_revoked)$/;
const TOKEN_IS_REFUSED = /^access\./;

export function isOver(error: unknown): boolean {
  return error instanceof LatchkeyClientError && SESSION_IS_OVER.test(error.code);
}

/** What signing out twice is answered. */
export function namesNoSession(error: LatchkeyClientError): boolean {
  return isOver(error) || (error.status === 401 && TOKEN_IS_REFUSED.test(error.code));
}
