import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signUpAdmin } from '../../../builders/accounts.js';
import {
  type App,
  type AtApp,
  type AtBrowser,
  registerApp,
  signInAtApp,
  signInAtBrowser,
  signUpAtBrowser,
} from '../../../builders/apps.js';
import { cookiesOf } from '../../../builders/browsers.js';
import { postForm } from '../../../builders/clients.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { atTime } from '../../../support/stopped-clock.js';
import { startTestApp } from '../../../support/test-app.js';

const GOODBYE = 'https://shop.example.com/goodbye';
const MONTH_SECONDS = 30 * 86_400;

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
let shop: App;
let other: App;
beforeAll(async () => {
  app = await startTestApp({ SINGLE_SIGN_ON: 'on' });
  admin = await signUpAdmin(app);
  const fields = { postLogoutRedirectUris: [GOODBYE, `${GOODBYE}?from=shop`] };
  shop = await registerApp(app.api, admin, fields);
  other = await registerApp(app.api, admin, {
    postLogoutRedirectUris: ['https://other.example/bye'],
  });
});
afterAll(() => app[Symbol.asyncDispose]());

const led = (
  parameters: Record<string, string> | [string, string][],
  { cookie, accept }: { cookie?: string; accept?: string } = {},
) =>
  app.api.get(`/oauth/end-session?${new URLSearchParams(parameters)}`, {
    cookie,
    headers: accept === undefined ? {} : { Accept: accept },
  });
const locationOf = ({ headers }: { headers: Headers }) => headers.get('location');
const ask = (request: string, cookie?: string, headers = {}) =>
  app.api.post('/auth/sign-out/question', { request }, { cookie, headers });
const agree = (request: string, cookie?: string, headers = {}) =>
  app.api.post('/auth/sign-out', { request }, { cookie, headers });
const carried = (parameters: Record<string, string>) => new URLSearchParams(parameters).toString();
const isSignedIn = async ({ accessToken: token }: Pick<AtBrowser, 'accessToken'>) =>
  (await app.api.get('/auth/me', { token })).status === 200;
const holds = async ({ accessToken: token }: AtApp) =>
  (await app.api.get('/oauth/userinfo', { token })).status === 200;

describe('signing out at the word of an app', () => {
  it('asks first: a GET and a form lead to the page and end nothing', async () => {
    const ada = await signUpAtBrowser(app);
    const atShop = await signInAtApp(app.api, shop, ada);
    const form = {
      id_token_hint: atShop.idToken,
      post_logout_redirect_uri: GOODBYE,
      state: 'of the app',
    };
    const byGet = await led({ ...form, logout_hint: ada.email, ui_locales: 'de en' }, ada);
    const byForm = await app.api.post('/oauth/end-session', carried(form), {
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    });
    for (const answer of [byGet, byForm]) {
      expect(answer.status).toBe(303);
      const [page, request = ''] = locationOf(answer)?.split('#') ?? [];
      expect([page, Object.fromEntries(new URLSearchParams(request))]).toEqual([
        '../pages/sign-out',
        form,
      ]);
      expect((await ask(request, ada.cookie)).body).toEqual({
        client: { id: shop.id, name: 'Shop' },
        email: ada.email,
        isAnother: false,
        goOn: `${GOODBYE}?state=of+the+app`,
      });
    }
    expect([await isSignedIn(ada), await holds(atShop)]).toEqual([true, true]);
  });

  it('ends the sign-in once the person says yes, with its session at every app, and leads back', async () => {
    const ada = await signUpAtBrowser(app);
    const [atShop, atOther] = [
      await signInAtApp(app.api, shop, ada),
      await signInAtApp(app.api, other, ada),
    ];
    const request = carried({
      id_token_hint: atShop.idToken,
      post_logout_redirect_uri: `${GOODBYE}?from=shop`,
      state: '&x=1',
    });
    const answer = await agree(request, ada.cookie);
    expect([answer.status, answer.body.goOn]).toEqual([200, `${GOODBYE}?from=shop&state=%26x%3D1`]);
    const cleared = cookiesOf(answer).map(({ name, value }) => [name, value]);
    expect(cleared).toEqual([
      ['__Host-latchkey', ''],
      ['__Host-latchkey-sso', ''],
    ]);
    expect([await isSignedIn(ada), await holds(atShop), await holds(atOther)]).toEqual([
      false,
      false,
      false,
    ]);
    const { body } = await app.api.get(
      `/admin/audit-events?action=session.ended&targetId=${ada.sessionId}`,
      { token: admin.accessToken },
    );
    expect(body.items).toMatchObject([{ reason: 'logout', actorId: ada.userId }]);
  });

  it('goes by client_id alone, and by nothing at all', async () => {
    for (const [parameters, goOn] of [
      [{ client_id: shop.id, post_logout_redirect_uri: GOODBYE }, GOODBYE],
      [{ client_id: shop.id }, undefined],
      [{}, undefined],
    ] as const) {
      const ada = await signUpAtBrowser(app);
      expect((await ask(carried(parameters), ada.cookie)).body.email).toBe(ada.email);
      expect((await agree(carried(parameters), ada.cookie)).body.goOn).toBe(goOn);
      expect(await isSignedIn(ada)).toBe(false);
    }
  });

  it('takes a hint that expired a month ago, of a key that was retired since', async () => {
    const ada = await signUpAtBrowser(app);
    const { idToken } = await signInAtApp(app.api, shop, ada);
    const rotated = { token: admin.accessToken };
    expect((await app.api.post('/admin/keys/rotate', { force: true }, rotated)).status).toBe(200);
    await app.stores.query(
      `UPDATE signing_keys SET status_changed_at = status_changed_at - interval '30 days'
       WHERE status = 'retired'`,
    );
    await atTime(app, Math.floor(Date.now() / 1000) + MONTH_SECONDS, async () => {
      const request = carried({ id_token_hint: idToken });
      expect((await ask(request, ada.cookie)).body.client.id).toBe(shop.id);
    });
  });

  it('of an app that means somebody else: says so, and ends nothing of theirs', async () => {
    const [ada, bob] = [await signUpAtBrowser(app), await signUpAtBrowser(app)];
    const atShop = await signInAtApp(app.api, shop, ada);
    const request = carried({ id_token_hint: atShop.idToken });
    expect((await ask(request, bob.cookie)).body).toMatchObject({
      email: bob.email,
      isAnother: true,
    });
    await agree(request, bob.cookie);
    expect([await isSignedIn(bob), await isSignedIn(ada), await holds(atShop)]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('ends what the app holds of an earlier sign-in of the same person', async () => {
    const ada = await signUpAtBrowser(app);
    const atShop = await signInAtApp(app.api, shop, ada);
    const again = await signInAtBrowser(app.api, ada.email);
    await agree(carried({ id_token_hint: atShop.idToken }), again.cookie);
    expect([await isSignedIn(again), await holds(atShop), await isSignedIn(ada)]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('where nobody is signed in, leads back at once, and a stolen ID token ends nothing', async () => {
    const ada = await signUpAtBrowser(app);
    const atShop = await signInAtApp(app.api, shop, ada);
    const form = { id_token_hint: atShop.idToken, post_logout_redirect_uri: GOODBYE, state: 's' };
    const answer = await led(form);
    expect([answer.status, locationOf(answer)]).toEqual([303, `${GOODBYE}?state=s`]);
    expect((await ask(carried(form))).body).toEqual({
      client: { id: shop.id, name: 'Shop' },
      goOn: `${GOODBYE}?state=s`,
    });
    expect((await agree(carried(form))).body).toEqual({ goOn: `${GOODBYE}?state=s` });
    expect([await isSignedIn(ada), await holds(atShop)]).toEqual([true, true]);
    expect(locationOf(await led({ client_id: shop.id }))).toMatch(/^\.\.\/pages\/sign-out#/);
  });
});

describe('open redirect', () => {
  it.each([
    ['another path', `${GOODBYE}/..`],
    ['a longer one', `${GOODBYE}2`],
    ['another query', `${GOODBYE}?next=https://evil.example`],
    ['another host', 'https://evil.example/goodbye'],
    ['a redirect URI', 'https://shop.example.com/callback'],
    ['one of another app', 'https://other.example/bye'],
    ['another case', GOODBYE.toUpperCase()],
    ['a script', 'javascript:alert(1)'],
  ])('to %s: nobody is led there, signed in or not', async (_, address) => {
    const ada = await signUpAtBrowser(app);
    const request = { client_id: shop.id, post_logout_redirect_uri: address };
    for (const cookie of [undefined, ada.cookie]) {
      const answer = await led(request, { cookie });
      expect([answer.status, answer.body.error, locationOf(answer)]).toEqual([
        400,
        'invalid_request',
        null,
      ]);
      for (const call of [ask, agree]) {
        const { status, body } = await call(carried(request), cookie);
        expect([status, body.code, body.goOn]).toEqual([400, 'oauth.invalid_request', undefined]);
      }
    }
    expect(await isSignedIn(ada)).toBe(true);
  });

  it('without a client, of one that is disabled, or by parameters that are there twice', async () => {
    const gone = await registerApp(app.api, admin, { postLogoutRedirectUris: [GOODBYE] });
    const token = admin.accessToken;
    await app.api.patch(`/admin/clients/${gone.id}`, { status: 'disabled' }, { token });
    const uri = ['post_logout_redirect_uri', GOODBYE] as [string, string];
    for (const request of [
      [uri],
      [uri, ['client_id', gone.id]],
      [uri, ['client_id', 'latchkey']],
      [uri, ['client_id', shop.id], ['client_id', shop.id]],
      [uri, uri, ['client_id', shop.id]],
      [uri, ['client_id', shop.id], ['state', 'x'.repeat(1_001)]],
    ] as [string, string][][]) {
      const answer = await led(request);
      expect([answer.status, locationOf(answer)]).toEqual([400, null]);
    }
  });

  it('somebody at a browser is told on a page of ours, and led nowhere else', async () => {
    const request = { client_id: shop.id, post_logout_redirect_uri: 'https://evil.example/' };
    const answer = await led(request, { accept: 'text/html,application/xhtml+xml' });
    expect(answer.status).toBe(303);
    expect(locationOf(answer)).toBe(`../pages/sign-out#${carried(request)}`);
  });
});

describe('a hint that is not to be believed', () => {
  const parts = (token: string) => token.split('.') as [string, string, string];
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it.each<[string, (held: AtApp) => string]>([
    ['an access token', ({ accessToken }) => accessToken],
    ['a refresh token', ({ refreshToken }) => refreshToken],
    ['with alg none', ({ idToken }) => `${encode({ alg: 'none' })}.${parts(idToken)[1]}.`],
    [
      'with another subject',
      ({ idToken }) => {
        const [header, payload, signature] = parts(idToken);
        const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
        return `${header}.${encode({ ...claims, sub: admin.userId })}.${signature}`;
      },
    ],
    [
      'of a key that is none of ours',
      ({ idToken }) => {
        const [, payload, signature] = parts(idToken);
        return `${encode({ alg: 'ES256', typ: 'JWT', kid: 'x'.repeat(43) })}.${payload}.${signature}`;
      },
    ],
    ['that is no token', () => 'hint'],
    ['of three parts that are none', () => 'aaaa.bbbb.cccc'],
    ['without a header', ({ idToken }) => `.${idToken.split('.').slice(1).join('.')}`],
    ['that is too long', () => 'x'.repeat(9_000)],
  ])('%s is refused', async (_, forge) => {
    const ada = await signUpAtBrowser(app);
    const hint = forge(await signInAtApp(app.api, shop, ada));
    const request = { id_token_hint: hint, post_logout_redirect_uri: GOODBYE, client_id: shop.id };
    expect((await led(request, ada)).body.error).toBe('invalid_request');
    const { status, body } = await agree(carried(request), ada.cookie);
    expect([status, body.code]).toEqual([400, 'oauth.invalid_request']);
    expect(await isSignedIn(ada)).toBe(true);
  });

  it('one of another client is refused', async () => {
    const ada = await signUpAtBrowser(app);
    const { idToken } = await signInAtApp(app.api, shop, ada);
    const request = { id_token_hint: idToken, client_id: other.id };
    expect((await led(request, ada)).body.error_description).toMatch(/of another client/);
  });

  it('one of a key that was revoked is refused', async () => {
    const ada = await signUpAtBrowser(app);
    const { idToken } = await signInAtApp(app.api, shop, ada);
    const { kid } = JSON.parse(Buffer.from(parts(idToken)[0], 'base64url').toString());
    const { accessToken: token } = await signUpAdmin(app);
    await app.api.post(`/admin/keys/${kid}/revoke`, { reason: 'stolen' }, { token });
    expect((await led({ id_token_hint: idToken }, ada)).status).toBe(400);
  });
});

describe('CSRF on signing out', () => {
  it.each([
    ['another site', { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' }],
    ['a sibling', { 'Sec-Fetch-Site': 'same-site', Origin: 'https://evil.auth.example.com' }],
    ['a foreign origin', { Origin: 'https://evil.example' }],
    ['a frame without an origin', { Origin: 'null' }],
  ])('from %s: refused, and nobody is signed out', async (_, headers) => {
    const ada = await signUpAtBrowser(app);
    for (const call of [ask, agree]) {
      expect(refusalOf(await call('', ada.cookie, headers))).toEqual(
        refused(403, 'auth.cross_site'),
      );
    }
    expect(await isSignedIn(ada)).toBe(true);
  });

  it('by a form, which needs no leave to be sent: not understood', async () => {
    const ada = await signUpAtBrowser(app);
    const answer = await postForm(app.api, '/auth/sign-out', { request: '' }, undefined, {
      Cookie: ada.cookie,
    });
    expect([answer.status, await isSignedIn(ada)]).toEqual([415, true]);
  });

  it('the page cannot be framed', async () => {
    const { headers } = await app.api.get('/pages/sign-out');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });
});

it('the metadata say where', async () => {
  const { body } = await app.api.get('/.well-known/openid-configuration');
  expect(body.end_session_endpoint).toBe(`${body.issuer}/oauth/end-session`);
});
