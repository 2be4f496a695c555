const MAX_BYTES = 256 * 1024;

export interface FetchedJson {
  /** Nothing is known of it yet. */
  readonly document: unknown;
  readonly headers: Headers;
}

/**
 * Fetches what an issuer publishes about itself. Redirects are not followed: it comes from where
 * the operator said, or not at all.
 *
 * @throws Error whose message says in one line what went wrong
 */
export async function fetchJson(
  uri: string,
  accepted: string,
  signal: AbortSignal,
): Promise<FetchedJson> {
  try {
    const response = await fetch(uri, { headers: { Accept: accepted }, redirect: 'error', signal });
    const text = await readBody(response);
    if (response.status !== 200) throw new Error(`it answered ${response.status}`);
    return { document: parse(text), headers: response.headers };
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text.
    throw new Error('it sent no JSON');
  }
}

/** `fetch` says only that it failed; the reason is in the cause. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (error instanceof Error && error.cause !== undefined) return reasonOf(error.cause);
  return error instanceof Error ? error.message : String(error);
}
