import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { TestApp } from './test-app.js';

export interface ArrivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** When it came, in milliseconds by the monotonic clock. */
  readonly at: number;
  /** What was answered; 0 before that. */
  readonly status: number;
}

/** What an application has been asked since the log was opened, as it arrived there. */
export class RequestLog {
  readonly all: readonly ArrivedRequest[] = [];

  constructor(app: TestApp) {
    const all = this.all as ArrivedRequest[];
    const server: Server = app.nest.getHttpServer();
    server
      .setMaxListeners(0)
      .on('request', (request: IncomingMessage, response: ServerResponse) => {
        const { method = '', url: path = '', headers } = request;
        const at = performance.now();
        all.push({
          method,
          path,
          headers,
          at,
          get status() {
            return response.writableEnded ? response.statusCode : 0;
          },
        });
      });
  }

  to(path: string): ArrivedRequest[] {
    return this.all.filter((request) => request.path === path);
  }

  get refreshes(): ArrivedRequest[] {
    return this.to('/auth/refresh');
  }

  /** What refused an access token. */
  get unauthorized(): ArrivedRequest[] {
    return this.all.filter(({ status, path }) => status === 401 && path !== '/auth/refresh');
  }
}
