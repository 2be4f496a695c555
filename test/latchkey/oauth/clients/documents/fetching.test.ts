import { createSocket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { documentAddressOf } from '../../../../../src/latchkey/oauth/clients/documents/client-document.js';
import { freshSecondsOf } from '../../../../../src/latchkey/oauth/clients/documents/document-freshness.js';
import {
  type FetchRules,
  fetchDocument,
} from '../../../../../src/latchkey/oauth/clients/documents/fetch-document.js';
import { addressesOfName } from '../../../../../src/latchkey/platform/http/addresses-of-name.js';
import { isPublicAddress } from '../../../../../src/latchkey/platform/http/public-addresses.js';
import { eventually } from '../../../../support/eventually.js';
import { selfSigned } from '../../../../support/self-signed.js';
import { onThisMachine } from '../../../../support/time-limits.js';

const NAME = 'agent.example.com';

let server: Server;
let connections = 0;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let certificate: string;
beforeAll(async () => {
  const { cert, key } = selfSigned(NAME);
  certificate = cert;
  server = createServer({ cert, key }, (request, response) => answer(request, response));
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  connections = 0;
  answer = (_, response) => sendJson(response, '{"a":1}');
});

const port = () => (server.address() as AddressInfo).port;
const address = (path = '/client.json', host = NAME) => new URL(`https://${host}:${port()}${path}`);

/** As the name would resolve that leads to the server of this test, for whom its address is a public one. */
const leadsHere = (): FetchRules => ({
  lookup: async () => ['127.0.0.1'],
  allows: () => true,
  ca: certificate,
});

function sendJson(response: ServerResponse, text: string, type = 'application/json') {
  response.writeHead(200, { 'Content-Type': type }).end(text);
}

describe('a document that a stranger names', () => {
  it.each(['application/json', 'application/json; charset=utf-8', 'application/client+json'])(
    'is fetched by its name, with %s',
    async (type) => {
      let asked: IncomingMessage['headers'] = {};
      answer = (request, response) => {
        asked = request.headers;
        sendJson(response, '{"client_name":"Agent"}', type);
      };
      const { document } = await fetchDocument(address('/a?b=c'), leadsHere());
      expect(document).toEqual({ client_name: 'Agent' });
      expect(asked.host).toBe(`${NAME}:${port()}`);
      expect(Object.keys(asked).sort()).toEqual(['accept', 'connection', 'host']);
    },
  );

  it.each<[string, typeof answer, RegExp]>([
    [
      'a redirect to this machine',
      (_, response) =>
        response.writeHead(302, { Location: `https://127.0.0.1:${port()}/inside` }).end(),
      /302/,
    ],
    [
      'a redirect to itself',
      (_, response) => response.writeHead(307, { Location: '/again' }).end(),
      /307/,
    ],
    ['not found', (_, response) => response.writeHead(404).end('{}'), /404/],
    ['a page', (_, response) => sendJson(response, '<html>', 'text/html'), /not sent as JSON/],
    ['no JSON', (_, response) => sendJson(response, '{'), /no JSON/],
    [
      '5 KiB and a byte',
      (_, response) => sendJson(response, `"${'x'.repeat(5 * 1024 - 1)}"`),
      /5 KiB/,
    ],
    [
      'megabytes without end',
      (_, response) => {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        const send = () =>
          response.write('x'.repeat(64 * 1024), () => response.destroyed || send());
        send();
      },
      /5 KiB/,
    ],
    ['a connection that ends', (_, response) => response.destroy(), /not reached/],
  ])('is refused that is answered with %s', async (_, answers, message) => {
    answer = answers;
    await expect(fetchDocument(address(), leadsHere())).rejects.toThrow(message);
    expect(connections).toBe(1);
  });

  it('of exactly 5 KiB is read', async () => {
    answer = (_, response) => sendJson(response, `"${'x'.repeat(5 * 1024 - 2)}"`);
    const { document } = await fetchDocument(address(), leadsHere());
    expect(document).toHaveLength(5 * 1024 - 2);
  });

  it.each<[string, () => FetchRules]>([
    ['never', () => leadsHere()],
    ['drop by drop', () => leadsHere()],
    [
      'after a name that does not resolve',
      () => ({ ...leadsHere(), lookup: () => new Promise<string[]>(() => undefined) }),
    ],
  ])('is given up after three seconds when it comes %s', async (how, rules) => {
    const timers: NodeJS.Timeout[] = [];
    answer = (_, response) => {
      if (how === 'never') return;
      response.writeHead(200, { 'Content-Type': 'application/json' });
      timers.push(setInterval(() => response.write(' '), 100));
    };
    const startedAt = performance.now();
    await expect(fetchDocument(address(), rules())).rejects.toThrow(/three seconds/);
    expect(performance.now() - startedAt).toBeLessThan(onThisMachine(5_000));
    for (const timer of timers) clearInterval(timer);
  });

  it('is not believed with the certificate of another name', async () => {
    const other = address('/client.json', 'other.example.com');
    await expect(fetchDocument(other, leadsHere())).rejects.toThrow(/not reached/);
  });
});

describe('a name server that never answers', () => {
  it('costs three seconds, and none of the threads that read files and look other names up', async () => {
    const silent = createSocket('udp4');
    await new Promise<void>((resolve) => silent.bind(0, '127.0.0.1', resolve));
    let questions = 0;
    silent.on('message', () => {
      questions += 1;
    });
    const servers = [`127.0.0.1:${silent.address().port}`];
    const rules: FetchRules = {
      lookup: (hostname, signal) => addressesOfName(hostname, signal, servers),
    };
    const fetches = Array.from({ length: 20 }, (_, index) =>
      fetchDocument(address('/client.json', `slow-${index}.example.com`), rules),
    );
    const given = Promise.allSettled(fetches);
    await eventually(() => expect(questions).toBeGreaterThan(20), { within: 2 });
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: 8 }, () => readFile(import.meta.filename)));
    expect(performance.now() - startedAt).toBeLessThan(onThisMachine(500));
    expect((await given).map(({ status }) => status)).toEqual(fetches.map(() => 'rejected'));
    silent.close();
  });
});

describe('a name that is bound anew', () => {
  it('is resolved once, and the connection is made to what came of that', async () => {
    const answers = [['127.0.0.1'], ['10.0.0.1']];
    let asked = 0;
    const lookup = async () => answers[asked++] ?? [];
    await fetchDocument(address(), { ...leadsHere(), lookup });
    expect([asked, connections]).toEqual([1, 1]);
  });

  it.each([
    [['127.0.0.1']],
    [['8.8.8.8', '127.0.0.1']],
    [['2606:4700::1111', '::1']],
    [['::ffff:127.0.0.1']],
    [[]],
  ])('leads nowhere when it resolves to %j', async (addresses) => {
    const lookup = async () => addresses;
    await expect(fetchDocument(address(), { lookup })).rejects.toThrow(/not a public one/);
    expect(connections).toBe(0);
  });
});

describe('this machine and this network', () => {
  const SPELLINGS = [
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '017700000001',
    '0',
    '0.0.0.0',
    '127.0.0.1.',
    '127.255.255.254',
    '１２７.０.０.１',
    '127。0。0。1',
    'localhost',
    'localhost.',
    'LOCALHOST',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[2002:7f00:1::]',
    '[fe80::1]',
    '[fc00::1]',
    '[fd12:3456::1]',
    '[ff02::1]',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
  ];
  it.each(SPELLINGS)('are not asked as %s', async (host) => {
    await expect(fetchDocument(address('/client.json', host))).rejects.toThrow(
      /not a public one|not reached/,
    );
    expect(connections).toBe(0);
  });

  it.each(SPELLINGS.filter((host) => /[^\d.[\]:a-f]|^0|^\d+$/.test(host) && host !== '0.0.0.0'))(
    'are no client_id as %s, unless it is how the address is written',
    (host) => {
      const clientId = `https://${host}/client.json`;
      expect([null, clientId]).toContain(documentAddressOf(clientId)?.href ?? null);
    },
  );

  it.each([
    ['8.8.8.8', true],
    ['172.15.255.255', true],
    ['172.32.0.1', true],
    ['100.63.255.255', true],
    ['192.0.3.1', true],
    ['2606:4700::1111', true],
    ['2001:4860:4860::8888', true],
    ['2001:0:1::1', false],
    ['2001:db8::1', false],
    ['3fff::1', false],
    ['192.0.0.8', false],
    ['203.0.113.7', false],
    ['no address', false],
  ])('%s is public: %s', (text, isPublic) => expect(isPublicAddress(text)).toBe(isPublic));
});

describe('a client_id', () => {
  it.each([
    ['https://agent.example.com/client.json', true],
    ['https://agent.example.com:8443/a/b', true],
    ['https://agent.example.com/', false],
    ['https://agent.example.com', false],
    ['http://agent.example.com/client.json', false],
    ['https://user@agent.example.com/client.json', false],
    ['https://agent.example.com/client.json?a', false],
    ['https://agent.example.com/client.json#a', false],
    ['https://agent.example.com/a/../client.json', false],
    ['https://agent.example.com/%2e%2e/client.json', false],
    ['https://AGENT.example.com/client.json', false],
    ['https://agent.example.com:443/client.json', false],
    ['https://agent.example.com/\tclient.json', false],
    ['https:\\\\agent.example.com\\client.json', false],
    [`https://agent.example.com/${'x'.repeat(200)}`, false],
    ['01890000-0000-7000-8000-000000000000', false],
  ])('%s is the address of a document: %s', (clientId, isOne) => {
    expect(documentAddressOf(clientId) !== null).toBe(isOne);
  });
});

describe('a document is fresh', () => {
  it.each([
    [{}, 300],
    [{ 'cache-control': 'max-age=600' }, 600],
    [{ 'cache-control': 'public, max-age="600"', age: '100' }, 500],
    [{ 'cache-control': 'max-age=5' }, 60],
    [{ 'cache-control': 'no-store' }, 60],
    [{ 'cache-control': 'private, no-cache' }, 60],
    [{ 'cache-control': 'max-age=999999999' }, 3_600],
    [{ expires: 'Sun, 29 Nov 2026 10:10:00 GMT', date: 'Sun, 29 Nov 2026 10:00:00 GMT' }, 600],
    [{ expires: '0' }, 60],
  ])('with %j for %d seconds', (headers, seconds) => {
    expect(freshSecondsOf(headers)).toBe(seconds);
  });
});
