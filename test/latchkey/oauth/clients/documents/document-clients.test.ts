import { writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PASSWORD, type SignedIn, signIn } from '../../../../builders/accounts.js';
import {
  type App,
  type AtBrowser,
  askFor,
  authorize,
  codeFor,
  consent,
  redeem,
  signInAtApp,
  signUpAtBrowser,
} from '../../../../builders/apps.js';
import { createClient, postForm } from '../../../../builders/clients.js';
import type { ApiClient } from '../../../../support/api-client.js';
import { selfSigned } from '../../../../support/self-signed.js';
import { ServedProcess } from '../../../../support/served-process.js';
import { freshDirectory } from '../../../../support/service-process.js';
import { createStores, type Stores } from '../../../../support/stores.js';
import { startTestApp } from '../../../../support/test-app.js';
import { onThisMachine } from '../../../../support/time-limits.js';

const ADMIN = 'admin@example.com';
const REDIRECT = 'http://127.0.0.1:51234/callback';

/** The agents' own server, of which a process knows that its certificate is to be believed. */
let agents: Server;
let fetches: string[] = [];
let documents: Record<string, (response: ServerResponse) => void> = {};
let directory: Awaited<ReturnType<typeof freshDirectory>>;
let stores: Stores;
let served: ServedProcess;
let api: ApiClient;
let admin: SignedIn;
let ada: AtBrowser;
beforeAll(async () => {
  const { cert, key } = selfSigned('localhost');
  directory = await freshDirectory();
  const certificate = join(directory.path, 'agents.pem');
  await writeFile(certificate, cert);
  agents = createServer({ cert, key }, ({ url = '' }: IncomingMessage, response) => {
    fetches.push(url);
    const answer = documents[url];
    if (answer === undefined) response.writeHead(404).end();
    else answer(response);
  });
  await new Promise<void>((resolve) => agents.listen(0, '127.0.0.1', resolve));
  stores = await createStores();
  served = await ServedProcess.start(stores, {
    SINGLE_SIGN_ON: 'on',
    CLIENT_METADATA_DOCUMENTS: 'local',
    NODE_EXTRA_CA_CERTS: certificate,
    BOOTSTRAP_ADMIN_EMAIL: ADMIN,
    BOOTSTRAP_ADMIN_PASSWORD: PASSWORD,
  });
  ({ api } = served);
  admin = await signIn(api, ADMIN);
  ada = await signUpAtBrowser({ api });
}, onThisMachine(60_000));
afterAll(async () => {
  await served?.kill();
  agents?.closeAllConnections();
  agents?.close();
  await stores?.drop();
  await directory?.remove();
});
beforeEach(() => {
  fetches = [];
});

let agentsSoFar = 0;

/** An agent that says who it is at an address of its own. */
function anAgent(
  changed: Record<string, unknown> = {},
  headers: Record<string, string> = {},
  length = 0,
): App {
  agentsSoFar += 1;
  const { port } = agents.address() as AddressInfo;
  const id = `https://localhost:${port}/agent-${agentsSoFar}.json`.padEnd(length, 'x');
  const path = new URL(id).pathname;
  const document = {
    client_id: id,
    client_name: 'Agent',
    redirect_uris: ['http://127.0.0.1/callback'],
    token_endpoint_auth_method: 'none',
    ...changed,
  };
  documents[path] = (response) =>
    response
      .writeHead(200, { 'Content-Type': 'application/json', ...headers })
      .end(JSON.stringify(document));
  return { id };
}

const ASKED = { redirect_uri: REDIRECT, scope: 'openid email offline_access' };
const ask = (agent: App, changed: Record<string, string> = {}, cookie = ada.cookie) =>
  authorize(api, askFor(agent, { ...ASKED, ...changed }).parameters, cookie);
const question = async (request: string) =>
  (await api.post('/auth/consents/question', { request }, { token: ada.accessToken })).body;
const refreshed = (agent: App, refresh_token: string) =>
  postForm(api, '/oauth/token', {
    grant_type: 'refresh_token',
    client_id: agent.id,
    refresh_token,
  });
/** As administrators see it. */
async function listed(agent: App) {
  const { body } = await api.get('/admin/clients?limit=100', { token: admin.accessToken });
  return body.items.find((one: { metadataUri?: string }) => one.metadataUri === agent.id);
}

describe('an agent that nobody has registered', () => {
  it('is asked for, with where it comes from and where the answer goes, and signs in', async () => {
    const agent = anAgent();
    const led = await ask(agent);
    expect(led.sealed).not.toBe('');
    expect(await question(led.sealed)).toMatchObject({
      what: 'consent',
      client: { name: 'Agent' },
      comesFrom: new URL(agent.id).host,
      answerGoesTo: '127.0.0.1:51234',
      staysOnDevice: true,
    });
    const { accessToken, idToken, refreshToken } = await signInAtApp(api, agent, ada, ASKED);
    expect(decodeJwt(idToken)).toMatchObject({ aud: agent.id, sub: ada.userId });
    const { body } = await api.get('/oauth/userinfo', { token: accessToken });
    expect(body).toMatchObject({ sub: ada.userId, email: ada.email });
    expect((await api.get('/users/me', { token: accessToken })).status).toBe(401);

    documents = {};
    expect((await refreshed(agent, refreshToken)).status).toBe(200);
  });

  it('is asked for each time, and gets nothing in silence', async () => {
    const agent = anAgent({ redirect_uris: ['https://agent.example.com/callback'] });
    const changed = { redirect_uri: 'https://agent.example.com/callback' };
    await signInAtApp(api, agent, ada, { ...ASKED, ...changed });
    const again = await ask(agent, changed);
    expect((await question(again.sealed)).what).toBe('consent');
    const silent = await ask(agent, { ...changed, prompt: 'none' });
    expect(silent.query.error).toBe('consent_required');
  });

  it('is not among the clients before somebody has let it in', async () => {
    const agent = anAgent();
    const led = await ask(agent);
    await ask(agent, {}, '');
    await question(led.sealed);
    expect(await listed(agent)).toBeUndefined();
    await consent(api, ada, led);
    expect(await listed(agent)).toMatchObject({ name: 'Agent', type: 'public', status: 'active' });
  });

  it('is known by its address alone, and not by the id that it has here', async () => {
    const agent = anAgent();
    await signInAtApp(api, agent, ada, ASKED);
    const { id } = await listed(agent);
    const led = await ask({ id });
    expect([led.status, led.text]).toEqual([400, expect.stringContaining('client_id')]);
    const { code, asked } = await codeFor(api, agent, ada, ASKED);
    expect((await redeem(api, { id }, { code, asked })).status).toBe(401);
  });

  it('ends at once when the person withdraws, and stays out when an administrator has disabled it', async () => {
    const agent = anAgent();
    const first = await signInAtApp(api, agent, ada, ASKED);
    const { id } = await listed(agent);
    await api.delete(`/auth/consents/${id}`, { token: ada.accessToken });
    expect((await refreshed(agent, first.refreshToken)).body.error).toBe('invalid_grant');

    const second = await signInAtApp(api, agent, ada, ASKED);
    const { accessToken: token } = admin;
    await api.patch(`/admin/clients/${id}`, { status: 'disabled' }, { token });
    expect((await refreshed(agent, second.refreshToken)).status).toBe(401);
    expect((await ask(agent)).status).toBe(400);
  });

  it.each(['roles', 'openid roles', 'unknown'])('may not ask for %s', async (scope) => {
    const { query } = await ask(anAgent(), { scope });
    expect(query.error).toBe('invalid_scope');
  });
});

describe('its tokens name it as it names itself', () => {
  const named = (accessToken: string) => decodeJwt(accessToken).client_id;
  const claimed = async (token: string, hint: string) => {
    const service = await createClient(api, admin);
    const form = { token, token_type_hint: hint };
    return (await postForm(api, '/oauth/introspect', form, service)).body;
  };
  const revoke = (agent: App, token: string) =>
    postForm(api, '/oauth/revoke', { client_id: agent.id, token });

  it('from the code, and from each refresh, and so does introspection', async () => {
    const agent = anAgent();
    const held = await signInAtApp(api, agent, ada, ASKED);
    expect(named(held.accessToken)).toBe(agent.id);
    const { body } = await refreshed(agent, held.refreshToken);
    expect(named(body.access_token)).toBe(agent.id);
    const ofAccess = await claimed(body.access_token, 'access_token');
    expect(ofAccess).toMatchObject({ active: true, client_id: agent.id });
    const ofRefresh = await claimed(body.refresh_token, 'refresh_token');
    expect(ofRefresh).toMatchObject({ active: true, client_id: agent.id });
  });

  it('at the longest address with the longest scope, and nothing is left out', async () => {
    const resource = `https://${'r'.repeat(60)}.example.com/${'r'.repeat(100)}`;
    const long = (name: string) => ({ name: name.repeat(60), description: 'Something' });
    const scopes = [long('a'), long('b'), long('c'), long('d')];
    const body = { identifier: resource, name: 'Long', scopes };
    const made = await api.post('/admin/resources', body, { token: admin.accessToken });
    expect(made.status).toBe(201);
    const agent = anAgent({}, {}, 200);
    const scope = ['openid', ...scopes.map(({ name }) => name)].join(' ');
    const { accessToken } = await signInAtApp(api, agent, ada, { ...ASKED, scope, resource });
    expect(decodeJwt(accessToken)).toMatchObject({ client_id: agent.id, aud: resource, scope });
    expect(agent.id).toHaveLength(200);
    expect(accessToken.length).toBeLessThan(4_096);
  });

  it.each(['accessToken', 'refreshToken'] as const)(
    'it revokes its own by the %s, and no other agent does',
    async (kind) => {
      const agent = anAgent();
      const other = anAgent();
      await signInAtApp(api, other, ada, ASKED);
      const held = await signInAtApp(api, agent, ada, ASKED);
      const userinfo = () => api.get('/oauth/userinfo', { token: held.accessToken });
      expect((await revoke(other, held[kind])).body.error).toBe('unauthorized_client');
      expect((await userinfo()).status).toBe(200);
      expect((await revoke(agent, held[kind])).status).toBe(200);
      expect((await userinfo()).status).toBe(401);
      expect((await refreshed(agent, held.refreshToken)).body.error).toBe('invalid_grant');
    },
  );

  it.each<[string, (id: string) => Promise<unknown>]>([
    [
      'a consent that is withdrawn',
      (id) => api.delete(`/auth/consents/${id}`, { token: ada.accessToken }),
    ],
    [
      'one that an administrator withdraws',
      (id) => api.delete(`/admin/users/${ada.userId}/consents/${id}`, { token: admin.accessToken }),
    ],
    [
      'the agent being disabled',
      (id) =>
        api.patch(`/admin/clients/${id}`, { status: 'disabled' }, { token: admin.accessToken }),
    ],
    ['it being deleted', (id) => api.delete(`/admin/clients/${id}`, { token: admin.accessToken })],
  ])('%s refuses them', async (_, end) => {
    const agent = anAgent();
    const { accessToken: token } = await signInAtApp(api, agent, ada, ASKED);
    await end((await listed(agent)).id);
    const answer = await api.get('/oauth/userinfo', { token });
    expect([answer.status, answer.text]).toEqual([401, expect.stringContaining('access.token_')]);
  });
});

describe('it pushes its request', () => {
  const push = (agent: App) => {
    const asked = askFor(agent, ASKED);
    return { asked, answer: postForm(api, '/oauth/par', asked.parameters) };
  };

  it('before anybody has let it in, and its user is asked as always', async () => {
    const agent = anAgent();
    const { asked, answer } = push(agent);
    const { status, body } = await answer;
    expect([status, body]).toEqual([201, expect.objectContaining({ expires_in: 60 })]);
    const reference = { client_id: agent.id, request_uri: body.request_uri };
    const led = await authorize(api, reference, ada.cookie);
    expect((await question(led.sealed)).what).toBe('consent');
    const { code = '' } = (await consent(api, ada, led)).query;
    expect((await redeem(api, agent, { code, asked })).status).toBe(200);
  });

  it('and no other one comes with the reference', async () => {
    const { body } = await push(anAgent()).answer;
    const reference = { client_id: anAgent().id, request_uri: body.request_uri };
    expect((await authorize(api, reference, ada.cookie)).status).toBe(400);
  });

  it('with a document that cannot be used it is told why', async () => {
    const { status, body } = await push(anAgent({ client_secret: 'x' })).answer;
    expect([status, body.error]).toEqual([400, 'invalid_request']);
  });
});

describe('where the answer goes', () => {
  /** As the clients of MCP that are known have it. */
  it.each([
    ['http://127.0.0.1/callback', 'http://127.0.0.1:33418/callback', true],
    ['http://127.0.0.1:7777/oauth/callback', 'http://127.0.0.1:49153/oauth/callback', true],
    ['http://127.0.0.1/mcp/oauth/callback', 'http://127.0.0.1:19876/mcp/oauth/callback', true],
    ['http://localhost/callback', 'http://localhost/callback', true],
    ['http://localhost/callback', 'http://localhost:49152/callback', true],
    ['http://[::1]/callback', 'http://[::1]:6274/callback', true],
    ['http://localhost:6274/oauth/callback', 'http://localhost:6275/oauth/callback', true],
    ['http://127.0.0.1:33418/', 'http://127.0.0.1:33418/', true],
    ['https://vscode.dev/redirect', 'https://vscode.dev/redirect', true],
    ['https://claude.ai/api/mcp/auth_callback', 'https://claude.ai/api/mcp/auth_callback', true],
    ['com.example.agent:/callback', 'com.example.agent:/callback', true],
    // A scheme that is no domain reversed, which anybody may have (RFC 8252 section 7.1).
    ['cursor://agent/oauth/callback', 'cursor://agent/oauth/callback', false],
    ['http://127.0.0.1/callback', 'http://localhost:33418/callback', false],
    ['http://127.0.0.1/callback', 'http://127.0.0.1:33418/other', false],
    [
      'https://claude.ai/api/mcp/auth_callback',
      'https://claude.ai:8443/api/mcp/auth_callback',
      false,
    ],
    ['https://agent.example.com/callback', 'https://evil.example/callback', false],
  ])('registered %s, asked %s: %s', async (registered, asked, isRight) => {
    const agent = anAgent({ redirect_uris: [registered] });
    const led = await ask(agent, { redirect_uri: asked });
    expect(led.sealed !== '').toBe(isRight);
    if (!isRight) expect(led.status).toBe(400);
  });
});

describe('a document', () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    ['of another client_id', { client_id: 'https://other.example.com/a' }, /client_id/],
    ['without one', { client_id: undefined }, /client_id/],
    ['with a secret', { client_secret: 'x' }, /auth_method/],
    ['with keys at an address', { jwks_uri: 'https://agent.example.com/jwks.json' }, /jwks_uri/],
    ['with keys', { jwks: { keys: [] } }, /jwks/],
    ['that authenticates', { token_endpoint_auth_method: 'client_secret_basic' }, /auth_method/],
    ['without addresses', { redirect_uris: undefined }, /redirect_uris/],
    ['with none', { redirect_uris: [] }, /redirect_uris/],
    ['with a script', { redirect_uris: ['javascript:alert(1)'] }, /redirect_uris/],
    ['with plain http elsewhere', { redirect_uris: ['http://a.example/'] }, /redirect_uris/],
    ['with a name that is no text', { client_name: 7 }, /client_name/],
    ['with a name of two lines', { client_name: 'Bank\nof yours' }, /client_name/],
    ['with a name that is turned around', { client_name: '\u202eknaB' }, /client_name/],
    ['with a name without end', { client_name: 'x'.repeat(101) }, /client_name/],
  ])('%s is none, and the person is told why', async (_, changed, why) => {
    const { status, text } = await ask(anAgent(changed));
    expect([status, text]).toEqual([400, expect.stringMatching(why)]);
  });

  it.each(['null', '[]', '"text"', '7'])('that is %s is none', async (text) => {
    const agent = anAgent();
    documents[new URL(agent.id).pathname] = (response) =>
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(text);
    expect((await ask(agent)).status).toBe(400);
  });

  it('is asked for once by any number who come at once, and then remembered', async () => {
    const agent = anAgent();
    const path = new URL(agent.id).pathname;
    const all = await Promise.all(Array.from({ length: 20 }, () => ask(agent)));
    expect(all.every(({ sealed }) => sealed !== '')).toBe(true);
    await ask(agent);
    expect(fetches).toEqual([path]);
  });

  it('that could not be had is not asked for by each who comes', async () => {
    const agent = anAgent();
    documents = {};
    for (let turn = 0; turn < 3; turn += 1) expect((await ask(agent)).status).toBe(400);
    expect(fetches).toHaveLength(1);
  });
});

it('the metadata say that there is such a thing', async () => {
  const { body } = await api.get('/.well-known/oauth-authorization-server');
  expect(body.client_id_metadata_document_supported).toBe(true);
});

describe('where it is off, or may not reach this network', () => {
  it.each([
    ['off', false],
    ['on', true],
  ])('%s: no address of this machine is asked', async (setting, isTold) => {
    await using app = await startTestApp({
      SINGLE_SIGN_ON: 'on',
      CLIENT_METADATA_DOCUMENTS: setting,
    });
    const { port } = agents.address() as AddressInfo;
    for (const host of ['localhost', '127.0.0.1', '[::1]', 'localhost.']) {
      const { parameters } = askFor({ id: `https://${host}:${port}/agent.json` }, ASKED);
      const { status } = await authorize(app.api, parameters);
      expect(status).toBe(400);
    }
    expect(fetches).toEqual([]);
    const { body } = await app.api.get('/.well-known/openid-configuration');
    expect(body.client_id_metadata_document_supported).toBe(isTold ? true : undefined);
  });
});
