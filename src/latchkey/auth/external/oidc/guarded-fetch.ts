import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { RuntimeConfig } from '../../../platform/config/runtime.config.js';
import { isPublicAddress, lookupPublic } from '../../../platform/http/public-addresses.js';

/** A person waits for it. */
const LIMIT_SECONDS = 5;
/** The largest key sets and profiles are a tenth of it. */
const LIMIT_BYTES = 256 * 1024;
/** Some providers answer nobody who has no name. */
const USER_AGENT = 'latchkey';

/** Where requests may go: to public addresses alone, or wherever this machine gets. */
export type Reach = 'public' | 'anywhere';

/** A provider that could not be asked, or whose answer is none. The message is for operators. */
export class ProviderUnreachable extends Error {}

/**
 * `fetch` for what a provider names: within five seconds and 256 KiB, the body included, over https, and
 * without following redirects. The answer has been read whole.
 */
@Injectable()
export class GuardedFetch {
  constructor(private readonly runtime: RuntimeConfig) {}

  /** Wherever this machine gets: for addresses that the operator has set. */
  readonly fetch = this.within('anywhere');

  within(reach: Reach): (address: string | URL, init?: RequestInit) => Promise<Response> {
    return async (address, init = {}) => (await this.ask(address, init, reach)).response;
  }

  /** @returns the answer, and whether it came from a public address */
  async ask(
    address: string | URL,
    init: RequestInit,
    reach: Reach,
  ): Promise<{ readonly response: Response; readonly isPublic: boolean }> {
    const url = new URL(address);
    const where = `${url.origin}${url.pathname}`;
    this.requireFit(url, reach);
    const signal = AbortSignal.timeout(LIMIT_SECONDS * 1_000);
    try {
      const answer = await send(url, init, reach, signal);
      const { statusCode: status = 0 } = answer;
      if (status >= 300 && status < 400)
        throw new ProviderUnreachable(`${where} redirects, which is not followed.`);
      if (status >= 500) throw new ProviderUnreachable(`${where} answers ${status}.`);
      const { remoteAddress } = answer.socket;
      // Where it cannot be told, the narrower reach.
      const isPublic = remoteAddress === undefined || isPublicAddress(remoteAddress);
      const headers = headersOf(answer);
      return {
        response: new Response(await readWithin(answer, where), { status, headers }),
        isPublic,
      };
    } catch (cause) {
      if (cause instanceof ProviderUnreachable) throw cause;
      const reason = signal.aborted ? `takes more than ${LIMIT_SECONDS} seconds` : 'is not reached';
      throw new ProviderUnreachable(`${where} ${reason}.`, { cause });
    }
  }

  /**
   * @throws ProviderUnreachable for what is neither https nor, outside production, on this machine; and for an
   *   address that is not public, where it has to be
   */
  requireFit(url: URL, reach: Reach): void {
    const where = `${url.origin}${url.pathname}`;
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    if (reach === 'public' && isIP(host) !== 0 && !isPublicAddress(host))
      throw new ProviderUnreachable(`${where} is no public address.`);
    if (url.protocol === 'https:') return;
    if (url.protocol === 'http:' && this.allowsHttp(host)) return;
    throw new ProviderUnreachable(`${where} is not https.`);
  }

  private allowsHttp(host: string): boolean {
    if (this.runtime.production) return false;
    return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
  }
}

/** Over a connection of its own: none that was made with another reach is used again. */
async function send(
  url: URL,
  init: RequestInit,
  reach: Reach,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const request = new Request(url, { ...init, signal });
  const body = Buffer.from(await request.arrayBuffer());
  const headers = { 'user-agent': USER_AGENT, ...Object.fromEntries(request.headers) };
  const { method } = request;
  const lookup = reach === 'public' ? { lookup: lookupPublic } : {};
  return new Promise((resolve, reject) => {
    (url.protocol === 'https:' ? https : http)
      .request(url, { method, headers, signal, agent: false, ...lookup })
      .on('response', resolve)
      .on('error', reject)
      .end(body);
  });
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2)
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
  return headers;
}

async function readWithin(
  answer: AsyncIterable<Buffer>,
  where: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of answer) {
    bytes += part.byteLength;
    if (bytes > LIMIT_BYTES)
      throw new ProviderUnreachable(`${where} answers more than ${LIMIT_BYTES} bytes.`);
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
