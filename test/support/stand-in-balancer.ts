import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands in for nginx where it is not installed: takes turns, and tries another when one refuses. */
export class StandInBalancer {
  private readonly agent = new http.Agent({ keepAlive: true });
  private turn = 0;

  private constructor(
    private readonly server: http.Server,
    private readonly origins: readonly string[],
  ) {}

  static async start(origins: readonly string[]): Promise<StandInBalancer> {
    const server = http.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const balancer = new StandInBalancer(server, origins);
    server.on('request', (incoming, response) => void balancer.lead(incoming, response));
    return balancer;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async lead(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await incoming.toArray());
    const { method, headers, url = '' } = incoming;
    const ask = (attempts: number) => {
      const target = new URL(url, this.origins[this.turn++ % this.origins.length]);
      const onward = http.request(target, { method, headers, agent: this.agent });
      onward.on('response', (answer) => {
        response.writeHead(answer.statusCode ?? 502, { 'Content-Type': 'application/json' });
        answer.pipe(response);
      });
      onward.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED' && attempts > 1) return ask(attempts - 1);
        response.writeHead(502).end();
      });
      onward.end(body);
    };
    ask(this.origins.length);
  }
}
