import { once } from 'node:events';
import { createServer, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands in front of an application, and answers some paths itself. */
export class Gateway {
  private constructor(
    readonly origin: string,
    private readonly close: () => Promise<void>,
  ) {}

  /**
   * @param upstream the application's origin
   * @param answer true when it has answered; otherwise the request goes on to the application
   * @param holdUp what the application's answer waits for on its way back
   */
  static async start(
    upstream: string,
    answer: (path: string, response: ServerResponse) => boolean,
    holdUp: (path: string) => Promise<void> = async () => undefined,
  ): Promise<Gateway> {
    const server = createServer((incoming, response) => {
      const { method, url: path = '', headers } = incoming;
      if (answer(path, response)) return void incoming.resume();
      const onward = request(new URL(path, upstream), { method, headers }, async (answered) => {
        await holdUp(path);
        response.writeHead(answered.statusCode ?? 502, answered.headers);
        answered.pipe(response);
      });
      onward.on('error', () => response.destroy());
      incoming.pipe(onward);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return new Gateway(`http://127.0.0.1:${port}`, async () => {
      server.closeAllConnections();
      server.close();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Answers as a service does that refuses. */
export function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  headers: Record<string, string> = {},
): true {
  response.writeHead(status, { 'Content-Type': 'application/problem+json', ...headers });
  response.end(JSON.stringify({ type: `/errors#${code}`, title: 'Refused.', status, code }));
  return true;
}
