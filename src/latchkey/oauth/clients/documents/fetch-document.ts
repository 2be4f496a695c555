import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request as ask } from 'node:https';
import { isIP } from 'node:net';
import { addressesOfName } from '../../../platform/http/addresses-of-name.js';
import { isPublicAddress } from '../../../platform/http/public-addresses.js';

const LIMIT_BYTES = 5 * 1024;
const LIMIT_MILLISECONDS = 3_000;

/** Somebody's document could not be had. The message says in one line why, and names no address of this network. */
export class DocumentUnreachable extends Error {}

export interface FetchedDocument {
  /** Nothing is known of it yet. */
  readonly document: unknown;
  readonly headers: IncomingHttpHeaders;
}

/** How a fetch goes; what is left out is as in production. */
export interface FetchRules {
  readonly allows?: (address: string) => boolean;
  /** All addresses of a name. */
  readonly lookup?: (hostname: string, signal: AbortSignal) => Promise<readonly string[]>;
  /** Whose certificates are believed besides. */
  readonly ca?: string;
}

/**
 * Fetches a document that a stranger has named, over https: from public addresses alone, within three seconds and 5
 * KiB, all of it included. Its name is resolved once, and the connection is made to what came of that: no second
 * answer of a resolver counts. Redirects are not followed, proxies are not used, and nothing is sent that says more
 * than what is asked for.
 *
 * @throws DocumentUnreachable
 */
export async function fetchDocument(url: URL, rules: FetchRules = {}): Promise<FetchedDocument> {
  const signal = AbortSignal.timeout(LIMIT_MILLISECONDS);
  try {
    const address = await addressOf(url, rules, signal);
    const response = await responseOf(url, address, rules.ca, signal);
    return { document: await jsonOf(response), headers: response.headers };
  } catch (cause) {
    if (cause instanceof DocumentUnreachable) throw cause;
    const reason = signal.aborted ? 'it takes more than three seconds' : 'it is not reached';
    throw new DocumentUnreachable(reason, { cause });
  }
}

async function addressOf(
  { hostname }: URL,
  { allows = isPublicAddress, lookup = addressesOfName }: FetchRules,
  signal: AbortSignal,
): Promise<string> {
  const literal = hostname.replace(/^\[|\]$/g, '');
  const addresses = isIP(literal) > 0 ? [literal] : await within(signal, lookup(hostname, signal));
  const [first] = addresses;
  // One that is not public is enough: whoever names it means to lead here.
  if (first === undefined || !addresses.every(allows)) {
    throw new DocumentUnreachable('its address is not a public one');
  }
  return first;
}

/** A look-up cannot be called off, but need not be waited for. */
function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const overdue = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([work, overdue]);
}

function responseOf(
  url: URL,
  address: string,
  ca: string | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { host, hostname, port, pathname, search } = url;
  return new Promise((resolveWith, reject) => {
    ask({
      host: address,
      port: port === '' ? 443 : Number(port),
      path: pathname + search,
      headers: { Host: host, Accept: 'application/json' },
      // The certificate is that of the name.
      ...(isIP(hostname.replace(/^\[|\]$/g, '')) === 0 && { servername: hostname }),
      ...(ca !== undefined && { ca }),
      agent: false,
      signal,
    })
      .on('response', resolveWith)
      .on('error', reject)
      .end();
  });
}

async function jsonOf(response: IncomingMessage): Promise<unknown> {
  const { statusCode, headers } = response;
  try {
    if (statusCode !== 200) throw new DocumentUnreachable(`it is answered with ${statusCode}`);
    if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(headers['content-type'] ?? '')) {
      throw new DocumentUnreachable('it is not sent as JSON');
    }
    return parse(await readWithin(response));
  } finally {
    response.destroy();
  }
}

async function readWithin(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response) {
    bytes += part.length;
    if (bytes > LIMIT_BYTES) throw new DocumentUnreachable('it is longer than 5 KiB');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DocumentUnreachable('it is no JSON');
  }
}
