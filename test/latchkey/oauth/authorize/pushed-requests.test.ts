/** RFC 9126: requests that the client itself sends, and browsers only refer to. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signUpAdmin } from '../../../builders/accounts.js';
import {
  type App,
  type Asked,
  type AtBrowser,
  askFor,
  authorize,
  CALLBACK,
  consent,
  redeem,
  registerApp,
  signUpAtBrowser,
} from '../../../builders/apps.js';
import { postForm } from '../../../builders/clients.js';
import { Instances } from '../../../support/instances.js';
import { type TestApp } from '../../../support/test-app.js';

const ON = { SINGLE_SIGN_ON: 'on' };
const URN = /^urn:ietf:params:oauth:request_uri:\S{60,}$/;

let instances: Instances;
let app: TestApp;
let admin: SignedIn;
let shop: App;
let spa: App;
let ada: AtBrowser;
beforeAll(async () => {
  instances = await Instances.start(ON, { ...ON, OUTBOX_WORKER: 'off' });
  app = instances.at(0).app;
  admin = await signUpAdmin(app);
  shop = await registerApp(app.api, admin);
  spa = await registerApp(app.api, admin, { type: 'public', firstParty: true });
  ada = await signUpAtBrowser(app);
});
afterAll(() => instances.stop());

const push = ({ id, secret }: App, parameters: Record<string, string>) =>
  postForm(app.api, '/oauth/par', parameters, secret === undefined ? undefined : { id, secret });
async function pushed(client: App, changed: Record<string, string> = {}) {
  const asked = askFor(client, changed);
  const { body } = await push(client, asked.parameters);
  return { asked, requestUri: String(body.request_uri) };
}
const refer = (client: App, requestUri: string, at = app) =>
  authorize(at.api, { client_id: client.id, request_uri: requestUri }, ada.cookie);
const said = ({ status, body }: { status: number; body: { error?: string } }) => [
  status,
  body.error,
];

it('a pushed request leads to a code, at any instance', async () => {
  const asked: Asked = askFor(shop);
  const { status, body, headers } = await push(shop, asked.parameters);
  expect(status).toBe(201);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(body).toEqual({ request_uri: expect.stringMatching(URN), expires_in: 60 });
  const first = await refer(shop, body.request_uri, instances.at(1).app);
  const { query, to } = await consent(app.api, ada, first);
  expect([to, query.state]).toEqual([CALLBACK, 'state of the app']);
  const answer = await redeem(app.api, shop, { code: query.code ?? '', asked });
  expect(answer.status).toBe(200);
});

it('a public client pushes as well', async () => {
  const { requestUri } = await pushed(spa);
  expect((await refer(spa, requestUri)).query.code).toBeDefined();
});

it('the reference is good once: of 20 uses at once on two instances one gives a code', async () => {
  const { requestUri } = await pushed(spa);
  const led = await Promise.all(
    Array.from({ length: 20 }, (_, index) => refer(spa, requestUri, instances.at(index).app)),
  );
  expect(led.filter(({ query }) => query.code !== undefined)).toHaveLength(1);
  expect(led.filter(({ status }) => status === 400)).toHaveLength(19);
});

describe('a reference is nothing, and nobody is sent anywhere', () => {
  it('to another client', async () => {
    const { requestUri } = await pushed(spa);
    expect((await refer(shop, requestUri)).status).toBe(400);
    expect((await refer(spa, requestUri)).query.code).toBeDefined();
  });

  it('after a minute', async () => {
    const { requestUri } = await pushed(spa);
    await app.stores.query(`UPDATE one_time_secrets SET expires_at = clock_timestamp()`);
    expect((await refer(spa, requestUri)).status).toBe(400);
  });

  it('when it is made up', async () => {
    const made = `urn:ietf:params:oauth:request_uri:lko_${'A'.repeat(64)}`;
    expect((await refer(spa, made)).status).toBe(400);
  });
});

it('what comes beside the reference changes nothing of the request', async () => {
  const { requestUri } = await pushed(spa, { scope: 'openid' });
  const parameters = {
    client_id: spa.id,
    request_uri: requestUri,
    scope: 'openid roles',
    state: 'of somebody else',
    redirect_uri: 'https://evil.example/',
  };
  const { to, query } = await authorize(app.api, parameters, ada.cookie);
  expect([to, query.state]).toEqual([CALLBACK, 'state of the app']);
});

describe('the client is told at once', () => {
  it.each<[Record<string, string>, number, string]>([
    [{ redirect_uri: 'https://evil.example/' }, 400, 'invalid_request'],
    [{ code_challenge: '' }, 400, 'invalid_request'],
    [{ code_challenge_method: 'plain' }, 400, 'invalid_request'],
    [{ response_type: 'token' }, 400, 'invalid_request'],
    [{ scope: 'openid admin' }, 400, 'invalid_scope'],
    [{ resource: 'https://x.example.com' }, 400, 'invalid_target'],
    [{ request_uri: 'urn:ietf:params:oauth:request_uri:x' }, 400, 'invalid_request'],
    [{ request: 'e30.e30.' }, 400, 'invalid_request'],
    [{ client_id: '0190f3c0-0000-7000-8000-000000000000' }, 400, 'invalid_request'],
  ])('%j', async (changed, status, error) => {
    expect(said(await push(shop, askFor(shop, changed).parameters))).toEqual([status, error]);
  });

  it('that it has not shown its secret', async () => {
    const { id } = shop;
    expect(said(await push({ id }, askFor(shop).parameters))).toEqual([401, 'invalid_client']);
    const wrong = await push({ id, secret: 'lks_wrong' }, askFor(shop).parameters);
    expect(said(wrong)).toEqual([401, 'invalid_client']);
  });
});

it('a client that has to push can ask in no other way', async () => {
  const strict = await registerApp(app.api, admin, {
    firstParty: true,
    requirePushedAuthorizationRequests: true,
  });
  const asked = askFor(strict);
  const direct = await authorize(app.api, asked.parameters, ada.cookie);
  expect(direct.query).toMatchObject({ error: 'invalid_request', state: 'state of the app' });
  const { requestUri } = await pushed(strict, { prompt: 'select_account' });
  const { query } = await consent(app.api, ada, await refer(strict, requestUri));
  expect(query.code).toBeDefined();
});

it('a secret that comes in the form is not kept, and nothing of the request can be read in the database', async () => {
  const { id, secret = '' } = shop;
  const { parameters } = askFor(shop, { login_hint: 'somebody@example.com' });
  const form = { ...parameters, client_id: id, client_secret: secret };
  expect((await postForm(app.api, '/oauth/par', form)).status).toBe(201);
  const rows = await app.stores.query('SELECT details FROM one_time_secrets');
  expect(JSON.stringify(rows)).not.toMatch(/lks_|somebody|state of the app/);
});

it('the metadata names the endpoint', async () => {
  const { body } = await app.api.get('/.well-known/openid-configuration');
  expect(body).toMatchObject({
    pushed_authorization_request_endpoint: expect.stringMatching(/\/oauth\/par$/),
    require_pushed_authorization_requests: false,
  });
});
