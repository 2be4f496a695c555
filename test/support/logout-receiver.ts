import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createRemoteJWKSet, decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose';
import { findFreePort } from '../../src/latchkey/platform/database/embedded/postgres-process.js';
import { eventually } from './eventually.js';
import { ISSUER } from './test-app.js';

type Answered = { status: number; location?: string } | 'never';

/** A logout token as it came, and where. */
export interface CameLogout {
  readonly path: string;
  readonly token: string;
  readonly headers: IncomingMessage['headers'];
}

/** A client's server, which is told of logouts, on a port that stays its own while it is away. */
export class LogoutReceiver {
  readonly came: CameLogout[] = [];
  /** What it answers; never: it does not. */
  answer: (logout: CameLogout) => Answered | Promise<Answered> = () => ({ status: 200 });
  private server?: Server;

  private constructor(private readonly port: number) {}

  static async start(): Promise<LogoutReceiver> {
    const receiver = new LogoutReceiver(await findFreePort());
    await receiver.resume();
    return receiver;
  }

  uri(path = '/logout'): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  at(path: string): CameLogout[] {
    return this.came.filter((one) => one.path === path);
  }

  /** The claims of what comes to a path next, verified as a client does (section 2.6). */
  async next(origin: string, path: string, audience: string): Promise<JWTPayload> {
    const { token } = await eventually(
      () => {
        const [first] = this.at(path);
        if (first === undefined) throw new Error(`Nothing has come to ${path}.`);
        return first;
      },
      { within: 15 },
    );
    const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', origin));
    const rules = { issuer: ISSUER, audience, typ: 'logout+jwt' };
    return (await jwtVerify(token, keys, rules)).payload;
  }

  /** The `kid` of what comes to a path last. */
  kidAt(path: string): string | undefined {
    return decodeProtectedHeader(this.at(path).at(-1)?.token ?? '').kid;
  }

  async resume(): Promise<void> {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => {
        body += part;
      });
      request.on('end', async () => {
        const token = new URLSearchParams(body).get('logout_token') ?? '';
        const logout = { path: request.url ?? '', token, headers: request.headers };
        this.came.push(logout);
        const answer = await this.answer(logout);
        if (answer === 'never') return;
        const { status, location } = answer;
        response.writeHead(status, location === undefined ? {} : { Location: location });
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.server = server;
  }

  /** Refuses connections until it is resumed. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    server?.closeAllConnections();
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }
}
