/** Apps that register themselves (RFC 7591), where it is asked for. */
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RetentionSchedule } from '../../../../../src/latchkey/operations/retention/retention-schedule.js';
import { type SignedIn, signUpAdmin } from '../../../../builders/accounts.js';
import {
  type App,
  type AtBrowser,
  askFor,
  authorize,
  codeFor,
  consent,
  redeem,
  registerApp,
  signInAtApp,
  signUpAtBrowser,
} from '../../../../builders/apps.js';
import { postForm } from '../../../../builders/clients.js';
import { headersOf } from '../../../../builders/places.js';
import { ISSUER, startTestApp, TestApp } from '../../../../support/test-app.js';
import { sampled } from '../../../../support/test-depth.js';
import { onThisMachine } from '../../../../support/time-limits.js';
import { retryAfterOf, somewhere, THROTTLED } from '../../../auth/throttling/guesses.js';

const ON = { SINGLE_SIGN_ON: 'on', DYNAMIC_CLIENT_REGISTRATION: 'on' };
const REDIRECT = 'http://127.0.0.1:51234/callback';
const ASKED = { redirect_uri: REDIRECT, scope: 'openid email offline_access' };
const METADATA = { client_name: 'Agent', redirect_uris: ['http://127.0.0.1/callback'] };
const MAX_WAITING = 1_000;

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let ada: AtBrowser;
beforeAll(async () => {
  app = await startTestApp({ ...ON, RETENTION_INTERVAL_SECONDS: '86400' });
  admin = await signUpAdmin(app);
  ada = await signUpAtBrowser(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const send = (body: unknown, headers: Record<string, string> = {}) =>
  app.api.post('/oauth/register', body, { headers });
async function register(changed: Record<string, unknown> = {}): Promise<App> {
  const { status, body, text } = await send({ ...METADATA, ...changed });
  if (status !== 201) throw new Error(`Registering answered ${text}.`);
  return { id: body.client_id };
}
const ask = (agent: App, changed: Record<string, string> = {}) =>
  authorize(app.api, askFor(agent, { ...ASKED, ...changed }).parameters, ada.cookie);
const question = async (request: string) =>
  (await app.api.post('/auth/consents/question', { request }, { token: ada.accessToken })).body;
const refreshed = (agent: App, refresh_token: string) =>
  postForm(app.api, '/oauth/token', {
    grant_type: 'refresh_token',
    client_id: agent.id,
    refresh_token,
  });
const asAdmin = { token: '' };
beforeAll(() => {
  asAdmin.token = admin.accessToken;
});
const seen = (agent: App) => app.api.get(`/admin/clients/${agent.id}`, asAdmin);
const change = (agent: App, body: object) =>
  app.api.patch(`/admin/clients/${agent.id}`, body, asAdmin);

it('oauth4webapi finds the endpoint, registers, and its user signs in', async () => {
  const options = {
    [oauth.customFetch]: (url: string, init: object) =>
      fetch(url.replace(ISSUER, app.origin), init),
    [oauth.allowInsecureRequests]: true,
  };
  const issuer = new URL(ISSUER);
  const discovered = await oauth.discoveryRequest(issuer, options);
  const server = await oauth.processDiscoveryResponse(issuer, discovered);
  const metadata = { ...METADATA, token_endpoint_auth_method: 'none' };
  const answer = await oauth.dynamicClientRegistrationRequest(server, metadata, options);
  const client = await oauth.processDynamicClientRegistrationResponse(answer);
  expect(client).toMatchObject({ ...metadata, client_name: 'Agent' });
  const { idToken, accessToken } = await signInAtApp(app.api, { id: client.client_id }, ada, ASKED);
  expect(idToken).not.toBe('');
  const { body } = await app.api.get('/oauth/userinfo', { token: accessToken });
  expect(body).toMatchObject({ sub: ada.userId, email: ada.email });
  expect((await app.api.get('/users/me', { token: accessToken })).status).toBe(401);
});

describe('what is registered', () => {
  it('is told with everything that it got, and kept by nobody on the way', async () => {
    const { status, body, headers } = await send({
      ...METADATA,
      scope: 'openid roles',
      client_uri: 'https://agent.example.com',
      contacts: ['x'],
      surprise: { a: 1 },
    });
    expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(body).toEqual({
      client_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      client_id_issued_at: expect.any(Number),
      ...METADATA,
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      scope: 'openid profile email offline_access',
    });
    expect(Math.abs(body.client_id_issued_at - Date.now() / 1_000)).toBeLessThan(60);
  });

  it('is seen as such by administrators, and is on record, by nobody, with an address', async () => {
    const agent = await register();
    expect((await seen(agent)).body).toMatchObject({
      name: 'Agent',
      type: 'public',
      selfRegistered: true,
      metadataUri: null,
      firstParty: false,
      deviceFlow: false,
      roles: [],
    });
    const [event] = await app.stores.query(
      `SELECT actor_id, host(ip) AS ip, details FROM audit_events
       WHERE action = 'client.registered' AND target_id = $1`,
      [agent.id],
    );
    expect(event).toEqual({
      actor_id: null,
      ip: '127.0.0.1',
      details: { name: 'Agent', redirectUris: METADATA.redirect_uris },
    });
  });

  it('is called as its place where it does not say', async () => {
    const agent = await register({
      client_name: undefined,
      redirect_uris: ['https://a.example/b'],
    });
    expect((await seen(agent)).body.name).toBe('a.example');
  });

  it.each([
    ['a secret', { client_secret: 'x' }],
    ['keys', { jwks: { keys: [] } }],
    ['keys at an address', { jwks_uri: 'https://a.example/jwks' }],
    ['a voucher', { software_statement: 'a.b.c' }],
    ['a method with a secret', { token_endpoint_auth_method: 'client_secret_basic' }],
    ['a method that is none', { token_endpoint_auth_method: 7 }],
    ['a grant for itself', { grant_types: ['client_credentials'] }],
    [
      'the device flow',
      { grant_types: ['authorization_code', 'urn:ietf:params:oauth:grant-type:device_code'] },
    ],
    ['no sign-in', { grant_types: ['refresh_token'] }],
    ['no grants', { grant_types: [] }],
    ['grants that are none', { grant_types: { authorization_code: true } }],
    ['tokens in the address', { response_types: ['token'] }],
    ['a scope that is no text', { scope: ['openid'] }],
    ['a name that is no text', { client_name: {} }],
    ['a name of two lines', { client_name: 'Bank\nof yours' }],
    ['a name that is turned around', { client_name: '\u202eknaB' }],
    ['a name without end', { client_name: 'x'.repeat(101) }],
  ])('%s is refused by its name: invalid_client_metadata', async (_, changed) => {
    const { status, body } = await send({ ...METADATA, ...changed });
    expect([status, body]).toEqual([
      400,
      expect.objectContaining({
        error: 'invalid_client_metadata',
        error_description: expect.any(String),
        code: 'oauth.invalid_client_metadata',
      }),
    ]);
  });

  it.each([
    [undefined],
    [null],
    [[]],
    ['https://a.example/b'],
    [[7]],
    [['http://a.example/b']],
    [['https://a.example/b#c']],
    [['https://user@a.example/b']],
    [['https://*.example/b']],
    [['javascript:alert(1)']],
    [['cursor://agent/callback']],
    [Array.from({ length: 21 }, (_, index) => `https://a.example/${index}`)],
  ])('redirect URIs that are %j: invalid_redirect_uri', async (redirect_uris) => {
    const { status, body } = await send({ ...METADATA, redirect_uris });
    expect([status, body.error]).toEqual([400, 'invalid_redirect_uri']);
  });

  it('takes null as if it were not there, and no body as one without redirect URIs', async () => {
    await register({ jwks: null, grant_types: null, scope: null });
    expect((await send(undefined)).body.error).toBe('invalid_redirect_uri');
  });
});

describe('it is a stranger', () => {
  it('whose user is asked each time, told that nobody has registered it, and where the answer goes', async () => {
    const agent = await register({ redirect_uris: [REDIRECT, 'https://agent.example.com/cb'] });
    const first = await ask(agent);
    expect(await question(first.sealed)).toMatchObject({
      what: 'consent',
      client: { id: agent.id, name: 'Agent' },
      hasRegisteredItself: true,
      answerGoesTo: '127.0.0.1:51234',
      staysOnDevice: true,
    });
    const changed = { redirect_uri: 'https://agent.example.com/cb' };
    await signInAtApp(app.api, agent, ada, { ...ASKED, ...changed });
    const again = await ask(agent, changed);
    expect((await question(again.sealed)).what).toBe('consent');
    const silent = await ask(agent, { ...changed, prompt: 'none' });
    expect(silent.query.error).toBe('consent_required');
  });

  it.each(['roles', 'openid roles', 'unknown'])('that may not ask for %s', async (scope) => {
    expect((await ask(await register(), { scope })).query.error).toBe('invalid_scope');
  });

  it('that may ask for the scopes of a resource which came after it', async () => {
    const agent = await register();
    const identifier = 'https://later.example.com/mcp';
    const scopes = [{ name: 'later:read', description: 'Read it' }];
    const made = await app.api.post(
      '/admin/resources',
      { identifier, name: 'Later', scopes },
      asAdmin,
    );
    expect(made.status).toBe(201);
    const changed = { ...ASKED, scope: 'later:read offline_access', resource: identifier };
    const { refreshToken } = await signInAtApp(app.api, agent, ada, changed);
    expect((await refreshed(agent, refreshToken)).body.scope).toBe(changed.scope);
  });

  it('that gets no token of its own, and signs no device in', async () => {
    const { id } = await register();
    const own = { grant_type: 'client_credentials', client_id: id };
    expect((await postForm(app.api, '/oauth/token', own)).status).toBe(401);
    const device = await postForm(app.api, '/oauth/device_authorization', {
      client_id: id,
      scope: 'openid',
    });
    expect(device.body.error).toBe('unauthorized_client');
  });

  it.each(['firstParty', 'deviceFlow'])(
    'that no administrator makes more of: %s',
    async (field) => {
      const agent = await register();
      const { status, body } = await change(agent, { [field]: true });
      expect([status, body.errors[0].field]).toEqual([400, field]);
      expect((await change(agent, { name: 'Known', [field]: false })).status).toBe(200);
    },
  );

  it('that can push its request', async () => {
    const agent = await register();
    const asked = askFor(agent, ASKED);
    const { status, body } = await postForm(app.api, '/oauth/par', asked.parameters);
    expect(status).toBe(201);
    const reference = { client_id: agent.id, request_uri: body.request_uri };
    const led = await authorize(app.api, reference, ada.cookie);
    const { code = '' } = (await consent(app.api, ada, led)).query;
    expect((await redeem(app.api, agent, { code, asked })).status).toBe(200);
  });

  it('that an administrator shuts out at once: disabled, and deleted', async () => {
    const agent = await register();
    const first = await signInAtApp(app.api, agent, ada, ASKED);
    expect((await change(agent, { status: 'disabled' })).status).toBe(200);
    expect((await refreshed(agent, first.refreshToken)).status).toBe(401);
    expect((await app.api.get('/oauth/userinfo', { token: first.accessToken })).status).toBe(401);
    expect((await ask(agent)).status).toBe(400);
    const other = await register();
    const { code, asked } = await codeFor(app.api, other, ada, ASKED);
    expect((await app.api.delete(`/admin/clients/${other.id}`, asAdmin)).status).toBe(204);
    expect((await redeem(app.api, other, { code, asked })).status).toBe(401);
  });
});

describe('those that nobody has let in', () => {
  const round = () => app.nest.get(RetentionSchedule, { strict: false }).runOnce();
  const age = ({ id }: App, hours: number) =>
    app.stores.query(
      'UPDATE oauth_clients SET created_at = created_at - make_interval(hours => $2) WHERE id = $1',
      [id, hours],
    );
  const isThere = async (agent: App) => (await seen(agent)).status === 200;

  it('go after a day; those that somebody has let in, and those of administrators, stay', async () => {
    const [waiting, young, letIn] = [await register(), await register(), await register()];
    await signInAtApp(app.api, letIn, ada, ASKED);
    const ours = await registerApp(app.api, admin, { type: 'public' });
    await Promise.all([age(waiting, 25), age(young, 23), age(letIn, 1_000), age(ours, 1_000)]);
    await round();
    const left = await Promise.all([waiting, young, letIn, ours].map(isThere));
    expect(left).toEqual([false, true, true, true]);
    expect((await ask(waiting)).status).toBe(400);
  });

  it('go as well once everybody has taken it back and the sessions are forgotten', async () => {
    const agent = await register();
    await signInAtApp(app.api, agent, ada, ASKED);
    await age(agent, 1_000);
    await app.api.delete(`/auth/consents/${agent.id}`, { token: ada.accessToken });
    await round();
    expect(await isThere(agent)).toBe(true);
    await app.stores.query('DELETE FROM sessions WHERE client_id = $1', [agent.id]);
    await round();
    expect(await isThere(agent)).toBe(false);
  });

  it('are so many at most: the oldest make room, and nobody is kept from registering', async () => {
    const letIn = await register();
    await signInAtApp(app.api, letIn, ada, ASKED);
    const waiting = await register();
    await app.stores.query(
      `INSERT INTO oauth_clients (id, name, type, self_registered)
       SELECT ('fffffff0-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'flood', 'public', true
       FROM generate_series(1, $1::int) AS n`,
      [MAX_WAITING - 1],
    );
    const rows = () =>
      app.stores.query<{ id: string }>('SELECT id FROM oauth_clients WHERE self_registered');
    for (let turn = 0; turn < 10 && (await isThere(waiting)); turn += 1) await register();
    expect([await isThere(waiting), await isThere(letIn)]).toEqual([false, true]);
    const count = (await rows()).length;
    expect(count).toBeLessThan(MAX_WAITING + 50);
    await app.stores.query("DELETE FROM oauth_clients WHERE name = 'flood'");
  });
});

it(
  'an address registers so often, whatever comes of it, and others all the same',
  async () => {
    await using throttled = await startTestApp({
      ...THROTTLED,
      ...ON,
      THROTTLE_ADDRESS_REGISTRATIONS: '3',
    });
    const from = (ip: string, body: object) =>
      throttled.api.post('/oauth/register', body, { headers: headersOf({ ip }) });
    const ip = somewhere();
    expect((await from(ip, METADATA)).status).toBe(201);
    expect((await from(ip, {})).status).toBe(400);
    expect((await from(ip, METADATA)).status).toBe(201);
    const refused = await from(ip, METADATA);
    expect([refused.status, refused.body]).toEqual([
      429,
      expect.objectContaining({
        error: 'temporarily_unavailable',
        code: 'throttle.too_many_requests',
      }),
    ]);
    expect(retryAfterOf(refused)).toBeGreaterThan(0);
    expect((await from(somewhere(), METADATA)).status).toBe(201);
  },
  onThisMachine(30_000),
);

describe('where it is off', () => {
  let off: TestApp;
  beforeAll(async () => {
    off = await TestApp.start({ stores: app.stores, env: { SINGLE_SIGN_ON: 'on' } });
  });
  afterAll(() => off.stop());

  async function expectNothingAt({ api }: TestApp): Promise<void> {
    const { status, text } = await api.post('/oauth/register', METADATA);
    expect([status, text]).toEqual([404, expect.stringContaining('request.not_found')]);
    const metadata = await api.get('/.well-known/oauth-authorization-server');
    expect(metadata.body.registration_endpoint).toBeUndefined();
    const { body } = await api.get('/openapi.json');
    expect(body.paths['/oauth/register']).toBeUndefined();
  }

  it('nothing of it is there', () => expectNothingAt(off));

  it.each(
    sampled(
      [
        { DYNAMIC_CLIENT_REGISTRATION: 'on' },
        { SINGLE_SIGN_ON: 'on', DYNAMIC_CLIENT_REGISTRATION: 'off' },
      ],
      { oneIn: 2 },
    ),
  )('nor with %j', async (env) => {
    await using other = await startTestApp(env);
    await expectNothingAt(other);
  });

  it('those that came while it was on are shut out', async () => {
    const agent = await register();
    const { refreshToken } = await signInAtApp(app.api, agent, ada, ASKED);
    const { status } = await authorize(off.api, askFor(agent, ASKED).parameters, ada.cookie);
    expect(status).toBe(400);
    const form = { grant_type: 'refresh_token', client_id: agent.id, refresh_token: refreshToken };
    expect((await postForm(off.api, '/oauth/token', form)).status).toBe(401);
  });
});
