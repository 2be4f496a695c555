import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, uniqueEmail } from '../../../builders/accounts.js';
import { invalid, refusalOf } from '../../../support/refusal.js';
import { freshDirectory } from '../../../support/service-process.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { TestApp } from '../../../support/test-app.js';
import { sampled } from '../../../support/test-depth.js';

const BREACHED = 'eleven grey herons wade';
const digestOf = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase();

let stores: Stores;
beforeAll(async () => {
  stores = await createStores();
});
afterAll(() => stores.drop());

const register = (app: TestApp, password: string) =>
  app.api.post('/auth/register', { email: uniqueEmail(), password });

describe('a password that is known from a breach, by a service that is asked for a range', () => {
  const asked: string[] = [];
  const answersWith =
    (lines: readonly string[]): RequestListener =>
    (_request, response) =>
      void response.end(lines.join('\r\n'));
  const knowing = answersWith([
    `${'0'.repeat(35)}:12`,
    `${digestOf(BREACHED).slice(5)}:3`,
    `${digestOf(PASSWORD).slice(5)}:0`,
  ]);
  let answer = knowing;
  let server: Server;
  let app: TestApp;
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const address = `http://127.0.0.1:${port}/range/`;
    app = await TestApp.start({ stores, env: { PASSWORD_BREACH_CHECK: address } });
  });
  afterAll(async () => {
    await app.stop();
    server.closeAllConnections();
    server.close();
  });

  it('is refused, and the service learns five digits and nothing else', async () => {
    asked.length = 0;
    expect(refusalOf(await register(app, BREACHED))).toEqual(invalid('password'));
    expect(asked).toEqual([`GET /range/${digestOf(BREACHED).slice(0, 5)}`]);
  });

  it('while others are accepted, also those that only pad the answer', async () => {
    expect((await register(app, 'twelve grey herons wade')).status).toBe(201);
    expect((await register(app, PASSWORD)).status).toBe(201);
  });

  it.each<[string, RequestListener]>([
    ['fails', (_request, response) => void response.writeHead(500).end()],
    ['does not answer', () => undefined],
    [
      'sends elsewhere',
      (_request, response) => void response.writeHead(302, { Location: '/' }).end(),
    ],
    ['hangs up', (request) => void request.socket.destroy()],
    ['answers without end', (_request, response) => void response.end('0'.repeat(2_000_000))],
  ])('nobody is kept from registering by a service that %s', async (_, listener) => {
    answer = listener;
    try {
      expect((await register(app, BREACHED)).status).toBe(201);
    } finally {
      answer = knowing;
    }
  });
});

describe('a password that is known from a breach, by a file', () => {
  const FORMS = [
    ['with counts', ':17\r\n'],
    ['without counts', '\n'],
  ] as const;
  let directory: Awaited<ReturnType<typeof freshDirectory>>;
  const known = Array.from({ length: 500 }, (_, index) => `${BREACHED} ${index}`);
  beforeAll(async () => {
    directory = await freshDirectory();
  });
  afterAll(() => directory.remove());

  async function startWith(text: string): Promise<TestApp> {
    const path = join(directory.path, 'pwned.txt');
    await writeFile(path, text);
    return TestApp.start({ stores, env: { PASSWORD_BREACH_CHECK: path } });
  }

  it.each(sampled(FORMS, { oneIn: FORMS.length }))(
    'is refused, the first and the last of it too: %s',
    async (_, end) => {
      const digests = known.map(digestOf).sort();
      const app = await startWith(digests.map((digest) => `${digest}${end}`).join(''));
      const edges = [0, 1, 250, 498, 499].map((index) => digests[index]);
      for (const password of known.filter((one) => edges.includes(digestOf(one)))) {
        expect(refusalOf(await register(app, password))).toEqual(invalid('password'));
      }
      for (const index of [1, 2, 3, 4]) {
        expect((await register(app, `twelve grey herons ${index}`)).status).toBe(201);
      }
      await app.stop();
    },
  );

  it('of which an empty one knows none, and without it nothing starts', async () => {
    const app = await startWith('');
    expect((await register(app, BREACHED)).status).toBe(201);
    await app.stop();
    const missing = { PASSWORD_BREACH_CHECK: join(directory.path, 'nowhere.txt') };
    await expect(TestApp.start({ stores, env: missing })).rejects.toMatchObject({
      name: 'StartupError',
    });
  });
});
