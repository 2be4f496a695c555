import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signIn, signUpAdmin } from '../../../builders/accounts.js';
import {
  type App,
  type AtBrowser,
  askFor,
  authorize,
  CALLBACK,
  challengeOf,
  codeFor,
  consent,
  ledTo,
  newVerifier,
  redeem,
  registerApp,
  SSO_COOKIE,
  signInAtApp,
  signUpAtBrowser,
} from '../../../builders/apps.js';
import { postForm } from '../../../builders/clients.js';
import { age } from '../../../builders/sessions.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { ISSUER, startTestApp } from '../../../support/test-app.js';

const OVER = refused(400, 'consents.request_over');

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let shop: App;
let own: App;
let ada: AtBrowser;
let eve: AtBrowser;
beforeAll(async () => {
  app = await startTestApp({ SINGLE_SIGN_ON: 'on' });
  admin = await signUpAdmin(app);
  shop = await registerApp(app.api, admin);
  own = await registerApp(app.api, admin, { firstParty: true, scopes: ['openid'] });
  ada = await signUpAtBrowser(app);
  eve = await signUpAtBrowser(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const ask = (client: App, changed: Record<string, string>, cookie?: string) =>
  authorize(app.api, askFor(client, changed).parameters, cookie);
const question = ({ accessToken: token }: AtBrowser, request: string) =>
  app.api.post('/auth/consents/question', { request }, { token });

describe('open redirect', () => {
  it.each([
    ['another path', 'https://shop.example.com/callback2'],
    ['a path below', 'https://shop.example.com/callback/..%2f'],
    ['a query', 'https://shop.example.com/callback?next=evil'],
    ['another host', 'https://evil.example/callback'],
    ['a host that begins alike', 'https://shop.example.com.evil.example/callback'],
    ['a user in front', 'https://shop.example.com@evil.example/callback'],
    ['another case', 'https://SHOP.example.com/callback'],
    ['plain http', 'http://shop.example.com/callback'],
    ['another port', 'https://shop.example.com:444/callback'],
    ['a fragment', 'https://shop.example.com/callback#x'],
    ['none', ''],
    ['a script', 'javascript:alert(1)'],
  ])('to %s: nothing is sent anywhere, whoever is signed in', async (_, redirectUri) => {
    for (const cookie of [ada.cookie, undefined]) {
      const led = await ask(own, { redirect_uri: redirectUri }, cookie);
      expect([led.status, led.to]).toEqual([400, '']);
    }
  });

  it('by two redirect URIs, or two clients: nothing is sent anywhere', async () => {
    const { parameters } = askFor(own);
    for (const more of [`redirect_uri=https://evil.example/`, `client_id=${shop.id}`]) {
      const query = `${new URLSearchParams(parameters)}&${more}`;
      const answer = await app.api.get(`/oauth/authorize?${query}`, { cookie: ada.cookie });
      expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
    }
  });

  it('for a client that is unknown or disabled: nothing is sent anywhere', async () => {
    const gone = await registerApp(app.api, admin);
    const token = admin.accessToken;
    await app.api.patch(`/admin/clients/${gone.id}`, { status: 'disabled' }, { token });
    for (const id of [gone.id, '0190f3c0-0000-7000-8000-000000000000', 'latchkey', "'", '']) {
      const led = await ask({ id }, {}, ada.cookie);
      expect([id, led.status, led.to]).toEqual([id, 400, '']);
    }
  });

  it('to a program on this device, the port is free and nothing else', async () => {
    const tool = await registerApp(app.api, admin, {
      type: 'public',
      redirectUris: ['http://127.0.0.1/cb', 'http://[::1]:8080/cb', 'http://localhost/cb'],
    });
    const isKnown = async (redirectUri: string) =>
      (await ask(tool, { redirect_uri: redirectUri }, ada.cookie)).status === 303;
    for (const uri of ['http://127.0.0.1:49152/cb', 'http://[::1]/cb', 'http://localhost:1/cb']) {
      expect([uri, await isKnown(uri)]).toEqual([uri, true]);
    }
    for (const uri of [
      'http://127.0.0.1:49152/other',
      'http://127.0.0.2/cb',
      'https://localhost/cb',
      'http://localhost:80@evil.example/cb',
      'http://localhost.evil.example/cb',
    ]) {
      expect([uri, await isKnown(uri)]).toEqual([uri, false]);
    }
  });
});

describe('mix-up: every answer says whose it is (RFC 9207)', () => {
  it.each<[string, Record<string, string>]>([
    ['a code', {}],
    ['an error', { scope: 'admin' }],
    ['what was asked silently', { prompt: 'none' }],
  ])('%s', async (_, changed) => {
    const spa = await registerApp(app.api, admin, { firstParty: true });
    const { query } = await authorize(app.api, askFor(spa, changed).parameters, ada.cookie);
    const { body } = await app.api.get('/.well-known/openid-configuration');
    expect(query.iss).toBe(body.issuer);
    expect(body.authorization_response_iss_parameter_supported).toBe(true);
  });
});

describe('PKCE downgrade', () => {
  it.each([
    ['no challenge', { code_challenge: '', code_challenge_method: '' }],
    ['plain', { code_challenge_method: 'plain' }],
    ['no method, which means plain', { code_challenge_method: '' }],
    ['a challenge that is no hash', { code_challenge: 'short' }],
  ])('to %s is refused, of a client with a secret as well', async (_, changed) => {
    for (const client of [own, shop]) {
      const led = await ask(client, changed as unknown as Record<string, string>, ada.cookie);
      expect(led.to).toBe(CALLBACK);
      expect(led.query).toMatchObject({ error: 'invalid_request', state: 'state of the app' });
    }
  });

  it('at the token endpoint: no verifier, no token', async () => {
    const found = await codeFor(app.api, own, ada, { scope: 'openid' });
    const answer = await redeem(app.api, own, found, { code_verifier: '' });
    expect(answer.body.error).toBe('invalid_request');
  });
});

describe('what is not understood is refused by its name, and told to the client', () => {
  it.each([
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ response_type: 'code id_token' }, 'unsupported_response_type'],
    [{ response_type: '' }, 'invalid_request'],
    [{ response_mode: 'fragment' }, 'invalid_request'],
    [{ request: 'e30.e30.' }, 'request_not_supported'],
    [{ request_uri: 'https://evil.example/request' }, 'request_uri_not_supported'],
    [{ registration: '{}' }, 'registration_not_supported'],
    [{ claims: '{}' }, 'invalid_request'],
    [{ scope: '' }, 'invalid_scope'],
    [{ scope: 'openid admin' }, 'invalid_scope'],
    [{ scope: 'openid email' }, 'invalid_scope'],
    [{ prompt: 'none login' }, 'invalid_request'],
    [{ prompt: 'create' }, 'invalid_request'],
    [{ max_age: '-1' }, 'invalid_request'],
    [{ resource: 'https://api.example.com' }, 'invalid_target'],
    [{ state: 'x'.repeat(1_001) }, 'invalid_request'],
    [{ nonce: 'x\0' }, 'invalid_request'],
  ])('%j: %s', async (changed, error) => {
    const given = { scope: 'openid', ...changed } as unknown as Record<string, string>;
    const led = await ask(own, given, ada.cookie);
    expect([led.status, led.to]).toEqual([303, CALLBACK]);
    expect(led.query).toMatchObject({ error, iss: ISSUER });
  });
});

describe('code for another browser', () => {
  it('a request that was asked of one session is nothing to another', async () => {
    const { sealed } = await ask(shop, {}, eve.cookie);
    expect(refusalOf(await question(ada, sealed))).toEqual(OVER);
    const { accessToken: token } = ada;
    for (const path of ['/auth/consents', '/auth/consents/denial']) {
      expect(refusalOf(await app.api.post(path, { request: sealed }, { token }))).toEqual(OVER);
    }
  });

  it('what one has said yes to gives no code of another', async () => {
    const asked = askFor(shop, { prompt: 'consent' });
    const first = await authorize(app.api, asked.parameters, eve.cookie);
    const { body } = await app.api.post(
      '/auth/consents',
      { request: first.sealed },
      { token: eve.accessToken },
    );
    const led = ledTo(await app.api.get(body.goOn, { cookie: ada.cookie }));
    expect(led.query.code).toBeUndefined();
    expect(led.to).toBe('../pages/authorize');
  });

  it('nothing that was made up is taken for a request', async () => {
    for (const request of ['x', 'A'.repeat(200), '…', ada.cookie]) {
      expect(refusalOf(await question(ada, request))).toEqual(OVER);
      const query = new URLSearchParams({ continue: request });
      const answer = await app.api.get(`/oauth/authorize?${query}`, { cookie: ada.cookie });
      expect(answer.status).toBe(400);
    }
  });
});

describe('CSRF on consent', () => {
  it('cookies alone say yes to nothing: it takes an access token, which no other site has', async () => {
    const { sealed: request } = await ask(shop, { prompt: 'consent' }, ada.cookie);
    const login = await app.api.post('/auth/login', {
      email: ada.email,
      password: 'correct horse battery staple',
    });
    const cookie = login.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
    for (const path of ['/auth/consents', '/auth/consents/question', '/auth/consents/denial']) {
      const answer = await app.api.post(path, { request }, { cookie });
      expect(refusalOf(answer)).toEqual(refused(401, 'access.unauthenticated'));
      const form = await postForm(app.api, path, { request }, undefined, { cookie });
      expect(form.status).toBe(415);
    }
  });

  it('an access token of an app says yes to nothing', async () => {
    const { accessToken: token } = await signInAtApp(app.api, own, ada, { scope: 'openid' });
    const { sealed: request } = await ask(shop, { prompt: 'consent' }, ada.cookie);
    expect(refusalOf(await app.api.post('/auth/consents', { request }, { token }))).toEqual(OVER);
  });
});

it('framed page: the pages that ask cannot be framed', async () => {
  for (const path of ['/pages/authorize', '/pages/sign-in']) {
    const { headers } = await app.api.get(path);
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  }
  const led = await app.api.get('/oauth/authorize');
  expect(led.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
});

describe('the cookie of the authorization endpoint', () => {
  it('opens nothing of the API, and is no refresh token', async () => {
    const token = ada.cookie.slice(`${SSO_COOKIE}=`.length);
    expect((await app.api.get('/auth/me', { cookie: ada.cookie })).status).toBe(401);
    expect((await app.api.get('/auth/me', { token })).status).toBe(401);
    expect((await app.api.post('/auth/refresh', undefined, { cookie: ada.cookie })).status).toBe(
      401,
    );
    expect((await app.api.post('/auth/refresh', { refreshToken: token })).status).toBe(401);
    expect((await app.api.get('/oauth/userinfo', { cookie: ada.cookie })).status).toBe(401);
  });

  it('is Lax, out of reach of scripts, and ends with its session', async () => {
    const person = await signUpAtBrowser(app);
    const login = await app.api.post('/auth/login', {
      email: person.email,
      password: 'correct horse battery staple',
    });
    const header = login.headers.getSetCookie().find((one) => one.startsWith(SSO_COOKIE));
    expect(header).toMatch(/; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    await app.api.post('/auth/logout', undefined, { token: person.accessToken });
    const led = await ask(own, { scope: 'openid' }, person.cookie);
    expect(led.to).toBe('../pages/sign-in');
  });

  it('is not set where the refresh token is in the body, and cannot be forged', async () => {
    await signIn(app.api, ada.email);
    const [name, value = ''] = ada.cookie.split('=');
    const bytes = Buffer.from(value.slice(4), 'base64url');
    bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40);
    const forged = `${name}=lkb_${bytes.toString('base64url')}`;
    expect((await ask(own, { scope: 'openid' }, forged)).to).toBe('../pages/sign-in');
  });
});

it('a partner is asked for, and what it may is remembered, until it wants more', async () => {
  const partner = await registerApp(app.api, admin);
  const first = await ask(partner, { scope: 'openid' }, ada.cookie);
  expect(first.to).toBe('../pages/authorize');
  const { body } = await question(ada, first.sealed);
  expect(body).toEqual({
    what: 'consent',
    client: { id: partner.id, name: 'Shop' },
    scopes: ['openid'],
    answerGoesTo: 'shop.example.com',
    staysOnDevice: false,
  });
  expect((await consent(app.api, ada, first)).query.code).toBeDefined();
  expect((await ask(partner, { scope: 'openid' }, ada.cookie)).query.code).toBeDefined();
  expect((await ask(partner, { scope: 'openid email' }, ada.cookie)).to).toBe('../pages/authorize');
  const silent = await ask(partner, { scope: 'openid email', prompt: 'none' }, ada.cookie);
  expect(silent.query.error).toBe('consent_required');
});

it('no is told to the client, and no code', async () => {
  const { sealed: request } = await ask(shop, { prompt: 'consent' }, ada.cookie);
  const { accessToken: token } = ada;
  const { body } = await app.api.post('/auth/consents/denial', { request }, { token });
  const query = Object.fromEntries(new URL(body.goOn).searchParams);
  expect(query).toMatchObject({ error: 'access_denied', state: 'state of the app', iss: ISSUER });
});

it('choosing the account is no consent', async () => {
  const partner = await registerApp(app.api, admin);
  const { sealed } = await ask(partner, { prompt: 'select_account' }, ada.cookie);
  expect((await question(ada, sealed)).body.what).toBe('consent');
  const chosen = await ask(own, { scope: 'openid', prompt: 'select_account' }, ada.cookie);
  expect((await question(ada, chosen.sealed)).body.what).toBe('choice');
  await consent(app.api, ada, chosen);
  const { body } = await app.api.get('/auth/consents', { token: ada.accessToken });
  const ids = body.items.map(({ client }: { client: App }) => client.id);
  expect(ids).not.toContain(own.id);
});

it('a yes to the account grants nothing that was withdrawn while it was asked', async () => {
  const partner = await registerApp(app.api, admin);
  await consent(app.api, ada, await ask(partner, { scope: 'openid' }, ada.cookie));
  const changed = { scope: 'openid', prompt: 'select_account' };
  const { sealed: request } = await ask(partner, changed, ada.cookie);
  const { what } = (await question(ada, request)).body;
  expect(what).toBe('choice');
  const { accessToken: token } = ada;
  await app.api.delete(`/auth/consents/${partner.id}`, { token });
  const answer = await app.api.post('/auth/consents', { request, what }, { token });
  expect(refusalOf(answer)).toEqual(OVER);
  const { body } = await app.api.get('/auth/consents', { token });
  expect(JSON.stringify(body)).not.toContain(partner.id);
});

it('nobody signed in: silent refuses, everything else leads to the sign-in page and back', async () => {
  const silent = await ask(own, { scope: 'openid', prompt: 'none' });
  expect(silent.query).toMatchObject({ error: 'login_required', iss: ISSUER });
  const led = await ask(own, { scope: 'openid' });
  expect(led.to).toBe('../pages/sign-in');
  const back = led.query.returnTo ?? '';
  expect(back).toMatch(/^\/oauth\/authorize\?continue=/);
  expect(back).not.toContain('state');
  expect(ledTo(await app.api.get(back, { cookie: ada.cookie })).query.code).toBeDefined();
});

describe('a sign-in that is asked for again', () => {
  const onlyOpenid: Record<string, string> = { scope: 'openid' };
  it.each<[Record<string, string>]>([[{ prompt: 'login' }], [{ max_age: '0' }]])(
    '%j takes a factor first',
    async (changed) => {
      const signedIn = await signUpAtBrowser(app);
      await age(app.stores, signedIn.sessionId, 5);
      const refreshed = await app.api.post('/auth/refresh', undefined, {
        cookie: signedIn.ownCookies,
      });
      const person = { ...signedIn, accessToken: refreshed.body.accessToken };
      const led = await ask(own, { ...onlyOpenid, ...changed }, person.cookie);
      expect(led.to).toBe('../pages/authorize');
      const first = await question(person, led.sealed);
      expect(refusalOf(first)).toEqual(refused(401, 'auth.fresh_sign_in_required'));
      const { accessToken: token } = person;
      await app.api.post('/auth/consents', { request: led.sealed }, { token });
      const anyway = new URLSearchParams({ continue: led.sealed });
      const again = ledTo(
        await app.api.get(`/oauth/authorize?${anyway}`, { cookie: person.cookie }),
      );
      expect(again.query.code).toBeUndefined();

      const shown = { method: 'password', password: 'correct horse battery staple' };
      const raised = await app.api.post('/auth/step-up', shown, { token });
      const fresh = { ...person, accessToken: raised.body.accessToken };
      const { body } = await question(fresh, led.sealed);
      const after = ledTo(await app.api.get(body.goOn, { cookie: person.cookie }));
      expect(after.query.code).toBeDefined();
    },
  );

  it('two factors of an account that has one: the client is told that it cannot be', async () => {
    const led = await ask(own, { scope: 'openid', acr_values: 'aal2' }, ada.cookie);
    const { body } = await question(ada, led.sealed);
    expect(new URL(body.goOn).searchParams.get('error')).toBe('unmet_authentication_requirements');
  });
});

it('a challenge and its verifier are one pair: a code that is stolen is worth nothing', async () => {
  const { code, asked } = await codeFor(app.api, own, ada, { scope: 'openid' });
  const verifier = newVerifier();
  expect(challengeOf(verifier)).not.toBe(asked.parameters.code_challenge);
  const stolen = { code, asked: { ...asked, verifier } };
  expect((await redeem(app.api, own, stolen)).body.error).toBe('invalid_grant');
});
