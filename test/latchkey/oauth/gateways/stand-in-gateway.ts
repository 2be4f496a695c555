import { once } from 'node:events';
import http, {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { IDENTITY_HEADERS } from '../../../../src/latchkey/oauth/gateways/identity-headers.js';
import { onThisMachine } from '../../../support/time-limits.js';
import type { Behind, RunningGateway } from './gateway-kind.js';

const TIMEOUT_MILLISECONDS = onThisMachine(2_000);
const AMBIGUOUS_PATH = /^[^?]*(\/\/|\/\.\.?(\/|\?|$)|\\|;|%(2e|2f|5c|25|3b|7f|[01][0-9a-f]))/i;

/** The contract with a gateway in plain Node, for where no other gateway is installed. */
export async function startStandIn(behind: Behind): Promise<RunningGateway> {
  const server = http.createServer((request, response) => {
    handle(behind, request, response).catch(() => refuse(response, 503, { 'Retry-After': '1' }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function handle(behind: Behind, request: IncomingMessage, response: ServerResponse) {
  const { url = '/', headersDistinct } = request;
  if (AMBIGUOUS_PATH.test(url) || (headersDistinct.authorization?.length ?? 0) > 1) {
    return refuse(response, 400, {});
  }
  const headers = withoutIdentity(request.headers);
  if (url.startsWith('/public/')) return pass(behind, request, response, headers);
  const verdict = await ask(behind, url, request.headers.authorization);
  if (verdict.status === 200) {
    for (const name of IDENTITY_HEADERS) headers[name] = verdict.headers.get(name) ?? '';
    return pass(behind, request, response, headers);
  }
  if (verdict.status !== 401 && verdict.status !== 403) throw new Error('It said neither.');
  refuse(response, verdict.status, {
    'WWW-Authenticate': verdict.headers.get('www-authenticate') ?? '',
    'Cache-Control': 'no-store',
    'Content-Type': 'application/problem+json',
    code: verdict.headers.get('x-auth-error') ?? '',
  });
}

function ask({ latchkey }: Behind, url: string, authorization?: string): Promise<Response> {
  const path = decodeURIComponent(url);
  const demands = /^\/reports/i.test(path) ? '?permissions=reports:read' : '';
  return fetch(`${latchkey}/auth/verify${demands}`, {
    headers: authorization === undefined ? {} : { authorization },
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  });
}

function withoutIdentity(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const isIdentity = (name: string) =>
    name.startsWith('x-auth-') || /^x[^a-z0-9]auth[^a-z0-9]/i.test(name);
  const passed = Object.entries(headers).filter(([name]) => !isIdentity(name));
  return { ...Object.fromEntries(passed), connection: 'close' };
}

function pass(
  { service }: Behind,
  request: IncomingMessage,
  response: ServerResponse,
  headers: IncomingHttpHeaders,
): void {
  const { host, port } = new URL(service);
  const { method, url } = request;
  const onward = http.request(
    { host: '127.0.0.1', port, method, path: url, headers: { ...headers, host } },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}

function refuse(
  response: ServerResponse,
  status: number,
  { code, ...headers }: Record<string, string>,
): void {
  response.statusCode = status;
  response.setHeaders(new Map(Object.entries(headers))).end(JSON.stringify({ status, code }));
}
