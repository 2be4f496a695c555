import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUp } from '../../../builders/accounts.js';
import { eventually } from '../../../support/eventually.js';
import { sendBytes } from '../../../support/raw-http.js';
import { ServedProcess } from '../../../support/served-process.js';
import { createStores, type Stores } from '../../../support/stores.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

let stores: Stores;
/** Takes no proxy's word. */
let alone: ServedProcess;
/** Is asked by a proxy that it trusts. */
let behind: ServedProcess;
beforeAll(async () => {
  stores = await createStores();
  const settings = [{}, { TRUSTED_PROXIES: '10.0.0.0/8, 127.0.0.1' }];
  const [first, second] = await Promise.all(
    settings.map((env) => ServedProcess.start(stores, { LOG_LEVEL: 'info', ...env })),
  );
  alone = first as ServedProcess;
  behind = second as ServedProcess;
});
afterAll(async () => {
  for (const service of [alone, behind]) await service?.kill();
  await stores?.drop();
});

/** The line of the log that tells of the request with this id. */
async function lineOf(service: ServedProcess, requestId: string) {
  let line = {};
  await eventually(
    () => {
      const found = service.log
        .split('\n')
        .find((text) => text.includes(JSON.stringify(requestId)) && text.includes('"request"'));
      expect(found).toBeDefined();
      line = JSON.parse(found ?? '');
    },
    { within: 5 },
  );
  return line;
}

function ask(service: ServedProcess, headers: Record<string, string>, path = '/auth/me') {
  return service.api.get(path, { headers });
}

describe('what a trusted proxy calls a request', () => {
  it('is its id in the answer, the problem and the log, with its trace', async () => {
    const headers = { 'X-Request-Id': 'edge-1.2/3:4=a', traceparent: TRACEPARENT };
    const { headers: answered, body } = await ask(behind, headers);
    expect(answered.get('x-request-id')).toBe('edge-1.2/3:4=a');
    expect(answered.get('traceparent')).toBe(TRACEPARENT);
    expect(body.requestId).toBe('edge-1.2/3:4=a');
    expect(await lineOf(behind, 'edge-1.2/3:4=a')).toMatchObject({
      requestId: 'edge-1.2/3:4=a',
      traceId: TRACE,
      code: 'access.unauthenticated',
      res: { statusCode: 401 },
    });
  });

  it.each([
    ['a line break', 'a\tb'],
    ['a quotation mark', 'a"b'],
    ['nothing', ''],
    ['more than 128 characters', 'a'.repeat(129)],
  ])('is not taken over when it has %s', async (_, id) => {
    const { headers } = await ask(behind, { 'X-Request-Id': id });
    expect(headers.get('x-request-id')).toMatch(UUID);
  });

  it('is told back without what a later version adds, which may be any text', async () => {
    const { headers } = await ask(behind, {
      traceparent: `${TRACEPARENT.replace('00', 'cc')}-secret`,
    });
    expect(headers.get('traceparent')).toBe(TRACEPARENT);
  });

  it.each([
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `ff-${TRACE}-00f067aa0ba902b7-01`,
    `00-${TRACE.toUpperCase()}-00f067aa0ba902b7-01`,
    '00-trace',
  ])('traceparent %s is no trace', async (traceparent) => {
    const { headers } = await ask(behind, { traceparent });
    expect(headers.get('traceparent')).toBeNull();
  });
});

describe('what anybody else calls a request', () => {
  it('is ignored: it has an id of its own and no trace', async () => {
    const claimed = { 'X-Request-Id': 'not-yours', traceparent: TRACEPARENT };
    const { headers, body } = await ask(alone, claimed);
    expect(headers.get('x-request-id')).toMatch(UUID);
    expect(headers.get('traceparent')).toBeNull();
    expect(body.requestId).toBe(headers.get('x-request-id'));
    expect(await lineOf(alone, body.requestId)).not.toHaveProperty('traceId');
    expect(alone.log).not.toContain('not-yours');
  });
});

describe('the line of a request', () => {
  it('says who made it, by ids alone, and no code when it was not refused', async () => {
    const { accessToken, userId, sessionId } = await signUp({ api: alone.api });
    const { headers } = await alone.api.get('/users/me', { token: accessToken });
    const line = await lineOf(alone, headers.get('x-request-id') ?? '');
    expect(line).toMatchObject({ userId, sessionId, res: { statusCode: 200 } });
    expect(line).not.toHaveProperty('code');
  });

  it.each([
    ['of no route', 'GET /nowhere', 'request.not_found'],
    ['whose address cannot be read', 'GET /%zz', 'request.malformed'],
    ['that is no HTTP', 'nonsense', 'request.malformed'],
  ])('that was refused, %s, has the code and the id of the answer', async (_, line, code) => {
    const request = `${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
    const { headers, body } = await sendBytes(alone.origin, request);
    expect(body).toMatchObject({ code, requestId: expect.stringMatching(UUID) });
    expect(headers.get('x-request-id')).toBe(body.requestId);
    expect(await lineOf(alone, body.requestId as string)).toMatchObject({ code });
  });
});
