import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf } from '../../../builders/access-tokens.js';
import { type SignedIn, signUpAdmin } from '../../../builders/accounts.js';
import {
  type App,
  type AtBrowser,
  askFor,
  authorize,
  CALLBACK,
  codeFor,
  newVerifier,
  redeem,
  registerApp,
  signInAtApp,
  signUpAtBrowser,
} from '../../../builders/apps.js';
import { postForm } from '../../../builders/clients.js';
import { eventually } from '../../../support/eventually.js';
import { Instances } from '../../../support/instances.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { ISSUER, TestApp } from '../../../support/test-app.js';
import { onThisMachine } from '../../../support/time-limits.js';

const ON = { SINGLE_SIGN_ON: 'on' };
const INVALID_GRANT = { status: 400, error: 'invalid_grant' };

let instances: Instances;
let app: TestApp;
let elsewhere: TestApp;
let admin: SignedIn;
let shop: App;
let spa: App;
let ada: AtBrowser;
beforeAll(async () => {
  instances = await Instances.start(ON, ON);
  app = instances.at(0).app;
  elsewhere = instances.at(1).app;
  admin = await signUpAdmin(app);
  shop = await registerApp(app.api, admin);
  spa = await registerApp(app.api, admin, { type: 'public', firstParty: true });
  ada = await signUpAtBrowser(app);
});
afterAll(() => instances.stop());

const said = ({ status, body }: { status: number; body: { error?: string } }) => ({
  status,
  error: body.error,
});
const userinfo = (token: string) => app.api.get('/oauth/userinfo', { token });

describe('a code', () => {
  it('becomes a session at the client: an access token, a refresh token, an ID token', async () => {
    const found = await codeFor(app.api, shop, ada, { scope: 'openid email offline_access' });
    const { status, body, headers } = await redeem(app.api, shop, found);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({ token_type: 'Bearer', scope: 'openid email offline_access' });
    const access = claimsOf(body.access_token);
    const id = claimsOf(body.id_token);
    expect(access).toMatchObject({
      aud: `${ISSUER}/oauth/userinfo`,
      sub: ada.userId,
      client_id: shop.id,
      scope: 'openid email offline_access',
      roles: [],
      permissions: [],
    });
    expect(id).toMatchObject({
      iss: ISSUER,
      aud: shop.id,
      sub: ada.userId,
      nonce: 'nonce of the app',
      sid: access.sid,
      acr: 'aal1',
      amr: ['pwd'],
    });
    expect(access.sid).not.toBe(ada.sessionId);
    const { body: about } = await userinfo(body.access_token);
    expect(about).toEqual({ sub: ada.userId, email: ada.email, email_verified: false });
  });

  it('of a partner opens nothing of the API', async () => {
    const { accessToken, idToken } = await signInAtApp(app.api, shop, ada);
    for (const token of [accessToken, idToken]) {
      const answer = await app.api.get('/auth/me', { token });
      expect(refusalOf(answer)).toEqual(refused(401, 'access.token_invalid'));
    }
    expect((await userinfo(idToken)).status).toBe(401);
  });

  it('of an app of the product’s own is for the API, with roles where they were granted', async () => {
    const without = await signInAtApp(app.api, spa, ada);
    const me = await app.api.get('/auth/me', { token: without.accessToken });
    expect(me.body).toMatchObject({ userId: ada.userId, roles: [], permissions: [] });
    const granted = await signInAtApp(app.api, spa, ada, { scope: 'openid roles' });
    const withRoles = await app.api.get('/auth/me', { token: granted.accessToken });
    expect(withRoles.body.roles).toEqual(['user']);
  });

  it('comes without a refresh token unless offline_access has been granted', async () => {
    const { refreshToken } = await signInAtApp(app.api, spa, ada, { scope: 'openid' });
    expect(refreshToken).toBeUndefined();
  });
});

describe('a code is refused', () => {
  it.each([
    ['with another verifier', () => ({ code_verifier: newVerifier() })],
    ['with the challenge in place of the verifier', () => ({ code_verifier: 'x'.repeat(43) })],
    ['with another redirect URI', () => ({ redirect_uri: 'https://shop.example.com/other' })],
    ['with another code', () => ({ code: `lko_${'A'.repeat(64)}` })],
  ])('%s, and stays good for whom it is', async (_, changed) => {
    const found = await codeFor(app.api, shop, ada);
    expect(said(await redeem(app.api, shop, found, changed()))).toEqual(INVALID_GRANT);
    expect((await redeem(app.api, shop, found)).status).toBe(200);
  });

  it('without a verifier', async () => {
    const found = await codeFor(app.api, shop, ada);
    const answer = await redeem(app.api, shop, found, { code_verifier: '' });
    expect(said(answer)).toEqual({ status: 400, error: 'invalid_request' });
  });

  it('code for another client: to a client that it was not issued to', async () => {
    const other = await registerApp(app.api, admin);
    const found = await codeFor(app.api, shop, ada);
    expect(said(await redeem(app.api, other, found))).toEqual(INVALID_GRANT);
    expect(said(await redeem(app.api, spa, found))).toEqual(INVALID_GRANT);
  });

  it('without the secret of its client', async () => {
    const found = await codeFor(app.api, shop, ada);
    const asPublic = await redeem(app.api, { id: shop.id }, found);
    expect(said(asPublic)).toEqual({ status: 401, error: 'invalid_client' });
    const wrong = await redeem(app.api, { id: shop.id, secret: 'lks_wrong' }, found);
    expect(said(wrong)).toEqual({ status: 401, error: 'invalid_client' });
  });

  it('once its session has ended', async () => {
    const person = await signUpAtBrowser(app);
    const found = await codeFor(app.api, shop, person);
    await app.api.post('/auth/logout', undefined, { token: person.accessToken });
    expect(said(await redeem(app.api, shop, found))).toEqual(INVALID_GRANT);
  });

  it('after a minute', async () => {
    const found = await codeFor(app.api, shop, ada);
    await app.stores.query(
      `UPDATE one_time_secrets SET expires_at = expires_at - interval '61 seconds'
       WHERE purpose = 'authorization-code' AND consumed_at IS NULL`,
    );
    expect(said(await redeem(app.api, shop, found))).toEqual(INVALID_GRANT);
  });
});

describe('replay', () => {
  it(
    'of 50 redemptions at once on two instances one is answered, and then nothing is left of it',
    async () => {
      const found = await codeFor(app.api, spa, ada);
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => redeem(instances.at(index).app.api, spa, found)),
      );
      const good = answers.filter(({ status }) => status === 200);
      expect(good).toHaveLength(1);
      expect(answers.filter(({ status }) => status !== 200).map(said)).toEqual(
        Array(49).fill(INVALID_GRANT),
      );
      const [{ body } = { body: undefined }] = good;
      for (const { api } of [app, elsewhere]) {
        await eventually(
          async () => {
            const answer = await api.get('/auth/me', { token: body.access_token });
            expect(refusalOf(answer)).toEqual(refused(401, 'access.token_revoked'));
          },
          { within: 5 },
        );
      }
      const form = { grant_type: 'refresh_token', refresh_token: body.refresh_token };
      const refreshed = await postForm(app.api, '/oauth/token', { ...form, client_id: spa.id });
      expect(said(refreshed)).toEqual(INVALID_GRANT);
    },
    onThisMachine(60_000),
  );

  it('by somebody without the verifier ends nothing', async () => {
    const found = await codeFor(app.api, spa, ada);
    const { body } = await redeem(app.api, spa, found);
    await redeem(app.api, spa, found, { code_verifier: newVerifier() });
    expect((await app.api.get('/auth/me', { token: body.access_token })).status).toBe(200);
    await redeem(app.api, spa, found);
    expect((await app.api.get('/auth/me', { token: body.access_token })).status).toBe(401);
  });
});

it('once it is switched off, what apps have goes on no more, and nothing of it is used up', async () => {
  const { stores } = instances;
  const { refreshToken } = await signInAtApp(app.api, shop, await signUpAtBrowser(app));
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken };
  const off = await TestApp.start({ stores, env: { OUTBOX_WORKER: 'off' } });
  const client = { id: shop.id, secret: String(shop.secret) };
  const refusal = await postForm(off.api, '/oauth/token', form, client);
  expect(said(refusal)).toEqual({ status: 400, error: 'unauthorized_client' });
  await off.stop();
  expect((await postForm(app.api, '/oauth/token', form, client)).status).toBe(200);
});

it('a request that is right leads to the client with a code, its state and who answers', async () => {
  const { parameters } = askFor(spa);
  const led = await authorize(app.api, parameters, ada.cookie);
  expect(led).toMatchObject({ status: 303, to: CALLBACK });
  expect(led.query).toEqual({
    code: expect.stringMatching(/^lko_/),
    state: 'state of the app',
    iss: ISSUER,
  });
});
