import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { RuntimeConfig } from '../../../platform/config/runtime.config.js';

/** A person waits for it. */
const LIMIT_SECONDS = 5;
/** The largest key sets and profiles are a tenth of it. */
const LIMIT_BYTES = 256 * 1024;

/** A provider that could not be asked, or whose answer is none. The message is for operators. */
export class ProviderUnreachable extends Error {}

/**
 * `fetch` for what a provider names: within five seconds and 256 KiB, the body included, over https, and
 * without following redirects. The answer has been read whole.
 */
@Injectable()
export class GuardedFetch {
  constructor(private readonly runtime: RuntimeConfig) {}

  readonly fetch = async (address: string | URL, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(address);
    const where = `${url.origin}${url.pathname}`;
    this.requireFit(url);
    const signal = AbortSignal.timeout(LIMIT_SECONDS * 1_000);
    try {
      const response = await fetch(url, { ...init, redirect: 'manual', signal });
      if (response.status >= 300 && response.status < 400)
        throw new ProviderUnreachable(`${where} redirects, which is not followed.`);
      if (response.status >= 500)
        throw new ProviderUnreachable(`${where} answers ${response.status}.`);
      const { status, headers } = response;
      return new Response(await readWithin(response, where), { status, headers });
    } catch (cause) {
      if (cause instanceof ProviderUnreachable) throw cause;
      const reason = signal.aborted ? `takes more than ${LIMIT_SECONDS} seconds` : 'is not reached';
      throw new ProviderUnreachable(`${where} ${reason}.`, { cause });
    }
  };

  /** @throws ProviderUnreachable for what is neither https nor, outside production, on this machine */
  requireFit(url: URL): void {
    if (url.protocol === 'https:') return;
    if (url.protocol === 'http:' && this.allowsHttp(url)) return;
    throw new ProviderUnreachable(`${url.origin}${url.pathname} is not https.`);
  }

  private allowsHttp({ hostname }: URL): boolean {
    if (this.runtime.production) return false;
    return hostname === 'localhost' || hostname === '[::1]' || isLoopback(hostname);
  }
}

function isLoopback(hostname: string): boolean {
  return isIP(hostname) === 4 && hostname.startsWith('127.');
}

async function readWithin(response: Response, where: string): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > LIMIT_BYTES)
      throw new ProviderUnreachable(`${where} answers more than ${LIMIT_BYTES} bytes.`);
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
