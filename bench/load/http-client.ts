import { Agent, request } from 'node:http';

export interface HttpRequest {
  readonly origin: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly token?: string;
  readonly body?: unknown;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** From sending the request to the end of the answer. */
  readonly milliseconds: number;
}

/** Keeps its connections, and does little besides: what it adds would be measured too. */
export class HttpClient {
  private readonly agent = new Agent({ keepAlive: true, noDelay: true });

  send({ origin, method, path, token, body }: HttpRequest): Promise<HttpAnswer> {
    const startedAt = performance.now();
    const content = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(content !== undefined && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(content),
      }),
    };
    return new Promise((resolve, reject) => {
      const sent = request(origin + path, { agent: this.agent, method, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part) => {
          text += part;
        });
        response.on('end', () => {
          const milliseconds = performance.now() - startedAt;
          resolve({ status: response.statusCode ?? 0, text, milliseconds });
        });
      });
      sent.on('error', reject).end(content);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
