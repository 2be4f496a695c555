import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IDENTITY_HEADERS } from '../../../../src/latchkey/oauth/gateways/identity-headers.js';
import { sendRaw } from '../../../support/raw-http.js';
import { valuesOf } from './echo-service.js';
import { GatewayStage } from './gateway-stage.js';
import { askingGateways, verifyingGateways } from './installed-gateways.js';

const SPELLINGS = [
  'X-Auth-User',
  'x-auth-user',
  'X_Auth_User',
  'X-Auth_User',
  'X.Auth.User',
  'X!Auth~User',
  'X-Auth-Session',
  'X-Auth-Client',
  'X-Auth-Roles',
  'X_AUTH_ROLES',
  'X-Auth-Permissions',
  'x_auth-permissions',
];

const gateways = [...askingGateways, ...verifyingGateways];

let stage: GatewayStage;
beforeAll(async () => {
  stage = await GatewayStage.start(gateways);
});
afterAll(() => stage.stop());

describe.each(gateways)('what a client says of itself does not pass $name', (kind) => {
  const send = (path: string, headers: Record<string, string | string[]>) =>
    sendRaw(stage.originOf(kind), `GET ${path}`, headers);
  const bearer = () => ({ Authorization: `Bearer ${stage.caller.accessToken}` });

  async function seenOf(path: string, headers: Record<string, string | string[]>) {
    const { length } = stage.service.seen;
    const { status } = await send(path, headers);
    expect(status).toBe(200);
    const [seen] = stage.service.seen.slice(length);
    if (seen === undefined) throw new Error('The service has not been asked.');
    return Object.fromEntries(IDENTITY_HEADERS.map((name) => [name, valuesOf(seen, name)]));
  }
  // An empty value may be left out: nobody can have put one in its place.
  const nonEmpty = (seen: Record<string, string[]>) =>
    Object.fromEntries(
      Object.entries(seen).map(([name, values]) => [name, values.filter(Boolean)]),
    );
  const truth = () => ({
    'X-Auth-User': [stage.caller.userId],
    'X-Auth-Session': [stage.caller.sessionId],
    'X-Auth-Client': ['latchkey'],
    'X-Auth-Roles': [],
    'X-Auth-Permissions': [],
  });
  const nobody = Object.fromEntries(IDENTITY_HEADERS.map((name) => [name, []]));

  it.each(SPELLINGS)('%s, beside a token', async (name) => {
    expect(nonEmpty(await seenOf('/orders', { [name]: 'admin', ...bearer() }))).toEqual(truth());
  });

  it.each(SPELLINGS)('%s, on a public path', async (name) => {
    expect(nonEmpty(await seenOf('/public/hours', { [name]: 'admin', ...bearer() }))).toEqual(
      nobody,
    );
  });

  it('sent twice', async () => {
    const headers = { 'X-Auth-Roles': ['admin', 'root'], ...bearer() };
    expect(nonEmpty(await seenOf('/orders', headers))).toEqual(truth());
    expect(nonEmpty(await seenOf('/public/hours', headers))).toEqual(nobody);
  });

  it('nor by removing what the gateway says (Connection)', async () => {
    const headers = { Connection: 'close, X-Auth-User, X-Auth-Session', ...bearer() };
    expect(nonEmpty(await seenOf('/orders', headers))).toEqual(truth());
  });

  it.each(['X-Auth-User ', 'X-Auth-User\t', ' X-Auth-User'])(
    'by the malformed name %j',
    async (name) => {
      const { length } = stage.service.seen;
      await send('/public/hours', { Accept: '*/*', [name]: 'admin' });
      for (const seen of stage.service.seen.slice(length)) {
        expect(valuesOf(seen, 'X-Auth-User')).toEqual([]);
        expect(valuesOf(seen, 'X-Auth-User ')).toEqual([]);
      }
      expect(nonEmpty(await seenOf('/public/hours', {}))).toEqual(nobody);
    },
  );

  it('by a second token, of which the service could take the other', async () => {
    const tokens = [`Bearer ${stage.caller.accessToken}`, `Bearer ${stage.reader.accessToken}`];
    const { length } = stage.service.seen;
    expect([400, 401]).toContain((await send('/orders', { Authorization: tokens })).status);
    expect(stage.service.seen.length).toBe(length);
  });
});
