import { requestErrors } from '../../platform/errors/request.errors.js';
import type { GuardedRequest } from '../request-principal.js';

const HEADER = 'authorization';
const SCHEME = 'bearer ';
const SPACE = 0x20;

/**
 * The bearer token of the `Authorization` header (RFC 6750 section 2.1), or null. One space or more
 * stand before it (RFC 9110 section 11.4). A token in the query string is ignored.
 *
 * @throws LatchkeyError `request.malformed` when a token is sent in the query as well, or there are
 *   two such headers, of which a gateway or a service behind this one could take the other
 */
export function bearerTokenOf(request: GuardedRequest): string | null {
  const header = request.headers.authorization;
  if (header === undefined || header.length <= SCHEME.length) return null;
  if (header.slice(0, SCHEME.length).toLowerCase() !== SCHEME) return null;
  const token = header.slice(startOfToken(header));
  if (token === '') return null;
  if (hasQueryToken(request.query)) {
    throw requestErrors.malformed({ detail: 'The access token was sent in two ways at once.' });
  }
  if (isRepeated(rawHeadersOf(request))) {
    throw requestErrors.malformed({ detail: 'More than one Authorization header was sent.' });
  }
  return token;
}

function startOfToken(header: string): number {
  let start = SCHEME.length;
  while (header.charCodeAt(start) === SPACE) start += 1;
  return start;
}

/** Node keeps the first of them in `headers`. This costs some 50 ns, `headersDistinct` many times it. */
function isRepeated(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === HEADER.length && name.toLowerCase() === HEADER) count += 1;
  }
  return count > 1;
}

function rawHeadersOf({ raw, rawHeaders }: GuardedRequest): readonly string[] {
  return raw?.rawHeaders ?? rawHeaders ?? [];
}

function hasQueryToken(query: unknown): boolean {
  return typeof query === 'object' && query !== null && 'access_token' in query;
}
