import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf, forge } from '../../../builders/access-tokens.js';
import {
  createRole,
  grantRoles,
  signIn,
  signUp,
  signUpWithRoles,
} from '../../../builders/accounts.js';
import { clientToken, createClient } from '../../../builders/clients.js';
import { ApiClient } from '../../../support/api-client.js';
import { eventually } from '../../../support/eventually.js';
import { onThisMachine } from '../../../support/time-limits.js';
import { type SeenRequest, valuesOf } from './echo-service.js';
import { GatewayStage } from './gateway-stage.js';
import { askingGateways, missingGateways } from './installed-gateways.js';

let stage: GatewayStage;
beforeAll(async () => {
  stage = await GatewayStage.start(askingGateways);
  const tried = askingGateways.map(({ name }) => name).join(', ');
  const missing = missingGateways.join(', ') || 'nothing';
  process.stdout.write(`Gateways that are tried: ${tried}; not installed: ${missing}.\n`);
});
afterAll(() => stage.stop());

describe.each(askingGateways)('$name', (kind) => {
  const api = () => new ApiClient(stage.originOf(kind));
  const get = (path: string, token?: string) => api().get(path, { token });
  const seen = (body: SeenRequest) => ({
    user: valuesOf(body, 'X-Auth-User')[0],
    session: valuesOf(body, 'X-Auth-Session')[0],
    client: valuesOf(body, 'X-Auth-Client')[0],
    roles: valuesOf(body, 'X-Auth-Roles').join(),
    permissions: valuesOf(body, 'X-Auth-Permissions').join(),
  });

  it('tells the service who is calling', async () => {
    const { status, body } = await get('/orders', stage.reader.accessToken);
    expect({ status, ...seen(body) }).toEqual({
      status: 200,
      user: stage.reader.userId,
      session: stage.reader.sessionId,
      client: 'latchkey',
      roles: 'reader,user',
      permissions: 'reports:read',
    });
  });

  it('tells it of a service that calls in its own name', async () => {
    const client = await createClient(stage.app.api, stage.admin, ['reader']);
    const { status, body } = await get('/reports', await clientToken(stage.app.api, client));
    expect(status).toBe(200);
    expect(seen(body)).toMatchObject({ client: client.id, roles: 'reader' });
  });

  it('tells it of a caller with very many permissions', async () => {
    const permissions = Array.from(
      { length: 40 },
      (_, i) => `a-very-long-resource-name-number-${i}:write`,
    );
    const name = `many-${kind.name.toLowerCase().replaceAll(/\W/g, '-')}`;
    await createRole(stage.app, stage.admin, name, permissions);
    const { accessToken } = await signUpWithRoles(stage.app, stage.admin, [name]);
    const { status, body } = await get('/orders', accessToken);
    expect(status).toBe(200);
    expect(seen(body).permissions.split(',').sort()).toEqual([...permissions].sort());
  });

  it('passes method, query and body on, and the service’s own refusals back', async () => {
    const { body } = await api().post(
      '/orders?a=b%2Fc',
      { item: 1 },
      { token: stage.caller.accessToken },
    );
    expect(body).toMatchObject({ method: 'POST', url: '/orders?a=b%2Fc', body: '{"item":1}' });
    for (const status of [401, 403, 404, 500, 503]) {
      const answer = await get(`/status/${status}`, stage.caller.accessToken);
      expect([answer.status, answer.body.url]).toEqual([status, `/status/${status}`]);
    }
  });

  it.each([
    ['no token', () => undefined, 401, 'access.unauthenticated'],
    ['a forged token', () => `${stage.caller.accessToken}x`, 401, 'access.token_invalid'],
    [
      'an expired token',
      () => forge(stage.app, { ...claimsOf(stage.caller.accessToken), exp: 1 }),
      401,
      'access.token_expired',
    ],
    ['a token without the permission', () => stage.caller.accessToken, 403, 'access.forbidden'],
  ])(
    'refuses %s, with the code and the challenge that Latchkey gives',
    async (_, token, status, code) => {
      const direct = await stage.app.api.get('/auth/verify?permissions=reports:read', {
        token: token(),
      });
      const { length } = stage.service.seen;
      const answer = await get('/reports', token());
      expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
      expect(answer.headers.get('www-authenticate') || null).toBe(
        direct.headers.get('www-authenticate'),
      );
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(stage.service.seen.length).toBe(length);
    },
  );

  it('refuses a session from the moment on at which it has ended', async () => {
    const { accessToken: token } = await signIn(stage.app.api, stage.caller.email);
    for (let i = 0; i < 5; i++) expect((await get('/orders', token)).status).toBe(200);
    await stage.app.api.post('/auth/logout', undefined, { token });
    const { status, body } = await get('/orders', token);
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'access.token_revoked' });
  });

  it('refuses a token that is older than what its user may do', async () => {
    const { userId, accessToken: token } = await signUp(stage.app);
    expect((await get('/orders', token)).status).toBe(200);
    await grantRoles(stage.app, stage.admin, userId, ['reader']);
    const { status, body } = await get('/orders', token);
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'access.token_stale' });
  });

  describe('lets nobody through', () => {
    const expectClosed = async () => {
      const { length } = stage.service.seen;
      const { status, headers } = await get('/orders', stage.caller.accessToken);
      expect({ status, retryAfter: headers.get('retry-after') }).toEqual({
        status: 503,
        retryAfter: '1',
      });
      expect(stage.service.seen.length).toBe(length);
      expect((await get('/public/hours')).status).toBe(200);
    };
    const expectOpen = () =>
      eventually(
        async () => expect((await get('/orders', stage.caller.accessToken)).status).toBe(200),
        { within: 5 },
      );

    it('while Latchkey is away', async () => {
      stage.wayToLatchkey.cut();
      await expectClosed();
      stage.wayToLatchkey.restore();
      await expectOpen();
    });

    it('when something else answers in its place', async () => {
      let status = 302;
      const asked: IncomingMessage[] = [];
      const other = http.createServer((request, response) => {
        asked.push(request);
        response.writeHead(status, { Location: '/', 'X-Auth-User': 'admin' }).end();
      });
      other.listen(0, '127.0.0.1');
      await once(other, 'listening');
      stage.wayToLatchkey.redirect((other.address() as AddressInfo).port);
      for (status of [302, 400, 404, 429, 500, 503]) await expectClosed();
      await api().post(
        '/orders',
        { secret: 1 },
        { headers: { Cookie: 'a=b', 'If-None-Match': '*' } },
      );
      expectNothingButTheToken(asked.at(-1));
      stage.wayToLatchkey.redirect(Number(new URL(stage.app.origin).port));
      other.closeAllConnections();
      other.close();
      await expectOpen();
    });
  });
});

it('no gateway waits for long while Latchkey is silent, and none lets anybody through', async () => {
  const statuses = () =>
    Promise.all(
      askingGateways.map(async (kind) => {
        const token = stage.caller.accessToken;
        return (await new ApiClient(stage.originOf(kind)).get('/orders', { token })).status;
      }),
    );
  const all = (status: number) => askingGateways.map(() => status);
  expect(await statuses()).toEqual(all(200));
  stage.wayToLatchkey.stall();
  const startedAt = performance.now();
  expect(await statuses()).toEqual(all(503));
  expect(performance.now() - startedAt).toBeLessThan(onThisMachine(4_500));
  stage.wayToLatchkey.restore();
  await eventually(async () => expect(await statuses()).toEqual(all(200)), { within: 5 });
});

/** Whatever else came along could hold secrets, or make Latchkey wait for a body that never comes. */
function expectNothingButTheToken(question: IncomingMessage | undefined): void {
  const { method, url, headers = {} } = question ?? {};
  expect({ method, url }).toEqual({ method: 'GET', url: '/auth/verify' });
  const { cookie, 'if-none-match': condition, 'transfer-encoding': encoding } = headers;
  expect({ cookie, condition, encoding }).toEqual({});
  expect(Number(headers['content-length'] ?? 0)).toBe(0);
  expect(headers.connection).not.toBe('close');
}
