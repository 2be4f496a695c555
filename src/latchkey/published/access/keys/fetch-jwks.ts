import { fetchJson } from './fetch-json.js';

const ACCEPTED = 'application/jwk-set+json, application/json';
const DEFAULT_MAX_AGE_SECONDS = 300;
/** Not more often, whatever the issuer says. */
const MIN_MAX_AGE_SECONDS = 2;
/** Not less often: a key may have been taken out of use. */
const MAX_MAX_AGE_SECONDS = 3_600;

export interface FetchedJwks {
  /** Nothing is known of the members yet. */
  readonly keys: readonly unknown[];
  /** For how long they may be used without asking again (RFC 9111 section 4.2). */
  readonly maxAgeSeconds: number;
}

/**
 * Fetches a JWK Set (RFC 7517 section 5).
 *
 * @throws Error whose message says in one line what went wrong
 */
export async function fetchJwks(uri: string, signal: AbortSignal): Promise<FetchedJwks> {
  const { document, headers } = await fetchJson(uri, ACCEPTED, signal);
  const { keys } = Object(document) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new Error('it sent no JWK Set');
  return { keys, maxAgeSeconds: maxAgeOf(headers) };
}

function maxAgeOf(headers: Headers): number {
  const stated = /(?:^|[\s,])max-age="?(\d+)/i.exec(headers.get('cache-control') ?? '')?.[1];
  const maxAge = stated === undefined ? DEFAULT_MAX_AGE_SECONDS : Number(stated);
  // What a cache on the way has kept it for already.
  const left = maxAge - (Number(headers.get('age')) || 0);
  return Math.min(Math.max(left, MIN_MAX_AGE_SECONDS), MAX_MAX_AGE_SECONDS);
}
