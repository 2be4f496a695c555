import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a service behind a gateway gets to see of a request. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  /** As they came: name and value, one after the other. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** A service in any language: it answers what it saw, with 200 or as `/status/<number>` asks. */
export class EchoService {
  readonly seen: SeenRequest[] = [];

  private constructor(private readonly server: http.Server) {}

  static async start(): Promise<EchoService> {
    const server = http.createServer();
    const service = new EchoService(server);
    server.on('request', async (request, response) => {
      const { method = '', url = '', rawHeaders } = request;
      const body = (await request.toArray()).join('');
      const seen = { method, url, rawHeaders, body };
      service.seen.push(seen);
      response.statusCode = Number(/^\/status\/(\d+)/.exec(url)?.[1] ?? 200);
      response.setHeader('Content-Type', 'application/json');
      response.setHeader('X-Served-By', service.origin);
      response.end(JSON.stringify(seen));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return service;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/**
 * The values that many a service reads by a header's name: to CGI and what descends from it,
 * whatever is no letter or digit is the same character.
 */
export function valuesOf({ rawHeaders }: SeenRequest, name: string): string[] {
  const folded = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '_');
  return rawHeaders.filter(
    (_, index) => index % 2 === 1 && folded(rawHeaders[index - 1] ?? '') === folded(name),
  );
}
