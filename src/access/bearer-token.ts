import { requestErrors } from '../errors/request.errors.js';
import type { GuardedRequest } from './request-principal.js';

const SCHEME = 'bearer ';

/**
 * The bearer token of the `Authorization` header (RFC 6750 section 2.1), or null. A token in the
 * query string is ignored.
 *
 * @throws LatchkeyError `request.malformed` when a token is sent in the query as well
 */
export function bearerTokenOf(request: GuardedRequest): string | null {
  const header = request.headers.authorization;
  if (header === undefined || header.length <= SCHEME.length) return null;
  if (header.slice(0, SCHEME.length).toLowerCase() !== SCHEME) return null;
  if (hasQueryToken(request.query)) {
    throw requestErrors.malformed({ detail: 'The access token was sent in two ways at once.' });
  }
  return header.slice(SCHEME.length);
}

function hasQueryToken(query: unknown): boolean {
  return typeof query === 'object' && query !== null && 'access_token' in query;
}
