import { connect } from 'node:net';
import type { Answer } from './api-client.js';
import { onThisMachine } from './time-limits.js';

const TIMEOUT_MILLISECONDS = onThisMachine(5_000);

/**
 * Sends a request as it is written, which an HTTP client would refuse or tidy up.
 *
 * @param requestLine method and target, such as `GET /auth/me`
 */
export function sendRaw(
  origin: string,
  requestLine: string,
  headers: Record<string, string | string[]> = {},
  body = '',
): Promise<Answer> {
  const lines = Object.entries({ Host: new URL(origin).host, Connection: 'close', ...headers })
    .flatMap(([name, values]) => [values].flat().map((value) => `${name}: ${value}\r\n`))
    .join('');
  return sendBytes(origin, `${requestLine} HTTP/1.1\r\n${lines}\r\n${body}`);
}

/** Writes bytes onto a connection and reads the one answer until the server closes it. */
export async function sendBytes(origin: string, bytes: string): Promise<Answer> {
  const text = await exchange(new URL(origin), Buffer.from(bytes));
  const [head = '', body = ''] = divide(text, '\r\n\r\n');
  const [statusLine = '', ...headerLines] = head.split('\r\n');
  const headers = new Headers(headerLines.map((line): [string, string] => divide(line, ': ')));
  const isJson = /json/.test(headers.get('content-type') ?? '');
  return {
    status: Number(statusLine.split(' ')[1]),
    headers,
    text: body,
    body: isJson ? JSON.parse(body) : {},
  };
}

function exchange({ hostname, port }: URL, bytes: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setTimeout(TIMEOUT_MILLISECONDS, () => socket.destroy(new Error('No answer came.')));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
  });
}

function divide(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + separator.length)];
}
