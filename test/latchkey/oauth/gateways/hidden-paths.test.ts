import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendRaw } from '../../../support/raw-http.js';
import { GatewayStage } from './gateway-stage.js';
import { askingGateways, verifyingGateways } from './installed-gateways.js';

const GUARDED = [
  '/reports',
  '/reports/',
  '/reports/2026?format=csv',
  '/REPORTS',
  '/Reports/2026',
  '/%72eports',
  '/%52EPORTS/2026',
];

const AMBIGUOUS = [
  '//reports',
  '/.//reports',
  '/./reports',
  '/orders/../reports',
  '/public/../reports',
  '/public/%2e%2e/reports',
  '/public/.%2E/reports',
  '/public/..%2freports',
  '/public/..%5Creports',
  '/public\\..\\reports',
  '/\\reports',
  '/%2freports',
  '/public/..;/reports',
  '/public/..;x=1/reports',
  '/public/%252e%252e/reports',
  '/public/%2e%2e%3b/reports',
  '/public/%00/reports',
  '/public/%0d%0a',
  '/public/..',
  '/public/..?x',
];

const PLAIN = [
  '/orders/..hidden',
  '/orders/a.b/c..d',
  '/orders/gr%C3%BCn%20blau',
  '/orders?next=//elsewhere/../x;y=%2f%5c',
];

const gateways = [...askingGateways, ...verifyingGateways];

let stage: GatewayStage;
beforeAll(async () => {
  stage = await GatewayStage.start(gateways);
});
afterAll(() => stage.stop());

describe.each(gateways)('before $name', (kind) => {
  const get = (path: string, token?: string) =>
    sendRaw(stage.originOf(kind), `GET ${path}`, {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    });

  it.each(GUARDED)('%s demands what /reports demands', async (path) => {
    const { length } = stage.service.seen;
    expect((await get(path, stage.caller.accessToken)).status).toBe(403);
    expect((await get(path)).status).toBe(401);
    expect(stage.service.seen.length).toBe(length);
    expect((await get(path, stage.reader.accessToken)).status).toBe(200);
  });

  it.each(AMBIGUOUS)('%s reaches nobody', async (path) => {
    const { length } = stage.service.seen;
    expect((await get(path, stage.reader.accessToken)).status).toBe(400);
    expect(stage.service.seen.length).toBe(length);
  });

  it('a whole address in place of the path demands the same', async () => {
    const { length } = stage.service.seen;
    const { status } = await get('http://elsewhere.example/reports', stage.caller.accessToken);
    expect([400, 403]).toContain(status);
    expect(stage.service.seen.length).toBe(length);
  });

  it.each(PLAIN)('%s is as good as any path', async (path) => {
    expect((await get(path)).status).toBe(401);
    const { status, body } = await get(path, stage.caller.accessToken);
    expect({ status, url: body.url }).toEqual({ status: 200, url: path });
  });

  it('/PUBLIC/ is not /public/', async () => {
    expect((await get('/PUBLIC/hours')).status).toBe(401);
    expect((await get('/publicity')).status).toBe(401);
  });
});
