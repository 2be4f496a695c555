const MAX_BYTES = 256 * 1024;
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
 * Fetches a JWK Set (RFC 7517 section 5). Redirects are not followed: the keys come from where the
 * operator said, or not at all.
 *
 * @throws Error whose message says in one line what went wrong
 */
export async function fetchJwks(uri: string, signal: AbortSignal): Promise<FetchedJwks> {
  try {
    const headers = { Accept: 'application/jwk-set+json, application/json' };
    const response = await fetch(uri, { headers, redirect: 'error', signal });
    const text = await readBody(response);
    if (response.status !== 200) throw new Error(`it answered ${response.status}`);
    return { keys: membersOf(text), maxAgeSeconds: maxAgeOf(response.headers) };
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  }
}

async function readBody({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop early closes the connection.
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new Error(`it sent more than ${MAX_BYTES / 1024} KiB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function membersOf(text: string): unknown[] {
  const { keys } = Object(parse(text)) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new Error('it sent no JWK Set');
  return keys;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text.
    throw new Error('it sent no JSON');
  }
}

function maxAgeOf(headers: Headers): number {
  const stated = /(?:^|[\s,])max-age="?(\d+)/i.exec(headers.get('cache-control') ?? '')?.[1];
  const maxAge = stated === undefined ? DEFAULT_MAX_AGE_SECONDS : Number(stated);
  // What a cache on the way has kept it for already.
  const left = maxAge - (Number(headers.get('age')) || 0);
  return Math.min(Math.max(left, MIN_MAX_AGE_SECONDS), MAX_MAX_AGE_SECONDS);
}

/** `fetch` says only that it failed; the reason is in the cause. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (error instanceof Error && error.cause !== undefined) return reasonOf(error.cause);
  return error instanceof Error ? error.message : String(error);
}
