import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../support/eventually.js';
import { startTestApp } from '../../../support/test-app.js';

const TIMEOUT_SECONDS = 1;
const BYTE_EVERY_MILLISECONDS = 100;
const CUT_OFF = { within: 10 };
const LOGIN =
  'POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp({
    REQUEST_TIMEOUT_SECONDS: String(TIMEOUT_SECONDS),
    KEEP_ALIVE_SECONDS: '2',
  });
});
afterAll(() => app[Symbol.asyncDispose]());

/** A connection of which only what is sent and received counts. */
class SlowConnection {
  received = '';
  private readonly socket: Socket;

  constructor(origin: string) {
    const { hostname, port } = new URL(origin);
    this.socket = connect(Number(port), hostname);
    this.socket.setEncoding('utf8').on('data', (text: string) => {
      this.received += text;
    });
    this.socket.on('error', () => undefined);
  }

  write(text: string): void {
    if (this.socket.writable) this.socket.write(text);
  }

  get isClosed(): boolean {
    return this.socket.closed;
  }

  /** Sends the text byte by byte, as long as it is heard. */
  async trickle(text: string): Promise<void> {
    for (const byte of text) {
      if (this.isClosed) return;
      this.write(byte);
      await pause(BYTE_EVERY_MILLISECONDS);
    }
  }

  destroy(): void {
    this.socket.destroy();
  }
}

describe('a request that arrives byte by byte', () => {
  it.each([
    ['in its headers', 'POST /auth/login HTTP/1.1\r\nHost: x\r\n', `X-Slow: ${'x'.repeat(1_000)}`],
    ['in its body', LOGIN, ' '.repeat(1_000)],
  ])('is cut off: %s, by the hundred', async (_, head, rest) => {
    const slow = Array.from({ length: 100 }, () => new SlowConnection(app.origin));
    for (const connection of slow) {
      connection.write(head);
      void connection.trickle(rest);
    }
    await eventually(() => expect(slow.filter((one) => !one.isClosed).length).toBe(0), CUT_OFF);
    for (const { received } of slow) {
      expect(received).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
      expect(received).toContain('"code":"request.too_slow"');
    }
  });

  it('holds up nobody whose request arrives in time, on the same connection again and again', async () => {
    const connection = new SlowConnection(app.origin);
    const ask = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n';
    for (let turn = 1; turn <= 4; turn++) {
      connection.write(ask);
      const answered = () =>
        expect(connection.received.split('HTTP/1.1 200').length).toBe(turn + 1);
      await eventually(answered, CUT_OFF);
      await pause(TIMEOUT_SECONDS * 500);
    }
    expect(connection.isClosed).toBe(false);
    connection.destroy();
  });
});

describe('KEEP_ALIVE_SECONDS', () => {
  it('is how long a connection is kept on which nothing is asked', async () => {
    const connection = new SlowConnection(app.origin);
    connection.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n');
    await eventually(() => expect(connection.received).toContain('HTTP/1.1 200'), CUT_OFF);
    expect(connection.received).toMatch(/^keep-alive: timeout=2\r$/im);
    await eventually(() => expect(connection.isClosed).toBe(true), CUT_OFF);
  });
});
