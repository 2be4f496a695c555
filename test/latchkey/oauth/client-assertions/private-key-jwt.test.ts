import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf } from '../../../builders/access-tokens.js';
import { type SignedIn, signUpAdmin } from '../../../builders/accounts.js';
import { askFor, codeFor, registerApp, signUpAtBrowser } from '../../../builders/apps.js';
import {
  type ClientKey,
  claimsFor,
  formOf,
  newClientKey,
  sign,
} from '../../../builders/client-keys.js';
import { createClient, postForm } from '../../../builders/clients.js';
import { Instances } from '../../../support/instances.js';
import { ISSUER, type TestApp } from '../../../support/test-app.js';

const ON = { SINGLE_SIGN_ON: 'on' };
const CREDENTIALS = { grant_type: 'client_credentials' };

let instances: Instances;
let app: TestApp;
let admin: SignedIn;
let key: ClientKey;
let id: string;
beforeAll(async () => {
  instances = await Instances.start(ON, ON);
  app = instances.at(0).app;
  admin = await signUpAdmin(app);
  key = await newClientKey();
  ({ id } = await registerApp(app.api, admin, { jwks: { keys: [key.publicJwk] } }));
});
afterAll(() => instances.stop());

const by = () => ({ token: admin.accessToken });
const show = (assertion: string, form: Record<string, string> = {}, at = app) =>
  postForm(at.api, '/oauth/token', { ...CREDENTIALS, ...formOf(assertion), ...form });
const errorOf = ({ status, body }: { status: number; body: { error?: string } }) => [
  status,
  body.error,
];
const REFUSED = [401, 'invalid_client'];

describe('a client with a key', () => {
  it.each(['ES256', 'PS256', 'RS256'])('authenticates by a signature of %s', async (algorithm) => {
    const own = await newClientKey(algorithm);
    const client = await registerApp(app.api, admin, { jwks: { keys: [own.publicJwk] } });
    expect(client.secret).toBeUndefined();
    for (const aud of [ISSUER, `${ISSUER}/oauth/token`, [ISSUER]]) {
      const { status, body } = await show(await sign(own, claimsFor(client.id, { aud })));
      expect([status, claimsOf(body.access_token).sub]).toEqual([200, client.id]);
    }
    const { body } = await app.api.get(`/admin/clients/${client.id}`, by());
    expect(body).toMatchObject({
      tokenEndpointAuthMethod: 'private_key_jwt',
      jwks: { keys: [own.publicJwk] },
    });
  });

  it('redeems codes, refreshes, introspects and revokes by it', async () => {
    const ada = await signUpAtBrowser(app);
    const { code, asked } = await codeFor(app.api, { id }, ada);
    const shown = async () => formOf(await sign(key, claimsFor(id)));
    const redeemed = await postForm(app.api, '/oauth/token', {
      grant_type: 'authorization_code',
      code,
      redirect_uri: askFor({ id }).parameters.redirect_uri ?? '',
      code_verifier: asked.verifier,
      ...(await shown()),
    });
    expect([redeemed.status, claimsOf(redeemed.body.id_token).aud]).toEqual([200, id]);
    const { refresh_token: token } = redeemed.body;
    const refreshed = await postForm(app.api, '/oauth/token', {
      grant_type: 'refresh_token',
      refresh_token: token,
      ...(await shown()),
    });
    expect(refreshed.status).toBe(200);
    const live = { token: refreshed.body.refresh_token, token_type_hint: 'refresh_token' };
    const introspect = async () =>
      (await postForm(app.api, '/oauth/introspect', { ...live, ...(await shown()) })).body.active;
    expect(await introspect()).toBe(true);
    expect((await postForm(app.api, '/oauth/revoke', { ...live, ...(await shown()) })).status).toBe(
      200,
    );
    expect(await introspect()).toBe(false);
  });

  it('pushes requests by it, and asks for devices, and by nothing less', async () => {
    const changed = { deviceFlow: true };
    expect((await app.api.patch(`/admin/clients/${id}`, changed, by())).status).toBe(200);
    for (const [path, form, status] of [
      ['/oauth/par', askFor({ id }).parameters, 201],
      ['/oauth/device_authorization', { scope: 'openid' }, 200],
    ] as const) {
      const shown = formOf(await sign(key, claimsFor(id)));
      expect((await postForm(app.api, path, { ...form, ...shown })).status).toBe(status);
      expect(errorOf(await postForm(app.api, path, { ...form, ...shown }))).toEqual(REFUSED);
      const bare = await postForm(app.api, path, { ...form, client_id: id });
      expect(errorOf(bare)).toEqual(REFUSED);
    }
  });

  it('goes over to another key, and by two of them', async () => {
    const [first, second] = [await newClientKey('ES256', 'a'), await newClientKey('ES256', 'b')];
    const client = await registerApp(app.api, admin, { jwks: { keys: [first.publicJwk] } });
    const change = (keys: ClientKey[]) =>
      app.api.patch(
        `/admin/clients/${client.id}`,
        { jwks: { keys: keys.map(({ publicJwk }) => publicJwk) } },
        by(),
      );
    expect((await change([first, second])).status).toBe(200);
    for (const one of [first, second]) {
      expect((await show(await sign(one, claimsFor(client.id)))).status).toBe(200);
    }
    const { body } = await show(await sign(first, claimsFor(client.id)));
    expect((await change([second])).status).toBe(200);
    expect(errorOf(await show(await sign(first, claimsFor(client.id))))).toEqual(REFUSED);
    const stale = await postForm(app.api, '/oauth/introspect', {
      token: body.access_token,
      ...formOf(await sign(second, claimsFor(client.id))),
    });
    expect(stale.body.active).toBe(false);
  });

  it('that had a secret has it no more', async () => {
    const client = await createClient(app.api, admin);
    const own = await newClientKey();
    const path = `/admin/clients/${client.id}`;
    const jwks = { keys: [own.publicJwk] };
    expect((await app.api.patch(path, { jwks }, by())).status).toBe(200);
    expect(errorOf(await postForm(app.api, '/oauth/token', CREDENTIALS, client))).toEqual(REFUSED);
    expect((await show(await sign(own, claimsFor(client.id)))).status).toBe(200);
    const rotated = await app.api.post(`${path}/secret`, undefined, by());
    expect([rotated.status, rotated.body.code]).toEqual([409, 'clients.has_no_secret']);
  });
});

describe('an assertion', () => {
  it('that is replayed is refused, on whatever instance', async () => {
    const assertion = await sign(key, claimsFor(id));
    expect((await show(assertion)).status).toBe(200);
    for (const at of [app, instances.at(1).app]) {
      expect(errorOf(await show(assertion, {}, at))).toEqual(REFUSED);
    }
  });

  it('that is shown twenty times at once lets one in', async () => {
    const assertion = await sign(key, claimsFor(id));
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => show(assertion, {}, instances.at(index).app)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('whose jti another client has used is another one', async () => {
    const client = await registerApp(app.api, admin, { jwks: { keys: [key.publicJwk] } });
    const jti = 'the same';
    expect((await show(await sign(key, claimsFor(id, { jti })))).status).toBe(200);
    expect((await show(await sign(key, claimsFor(client.id, { jti })))).status).toBe(200);
  });

  it.each([
    ['for somebody else', { aud: 'https://other.example' }],
    ['for the userinfo endpoint', { aud: `${ISSUER}/oauth/userinfo` }],
    ['for us and somebody else', { aud: [ISSUER, 'https://other.example'] }],
    ['for nobody', { aud: undefined }],
    ['of another issuer', { iss: 'https://other.example' }],
    ['about somebody else', { sub: '0190f3c0-0000-7000-8000-000000000000' }],
    ['that has expired', { exp: Math.floor(Date.now() / 1000) - 120 }],
    ['that never expires', { exp: undefined }],
    ['that lives for an hour', { exp: Math.floor(Date.now() / 1000) + 3_600 }],
    ['that is not good yet', { nbf: Math.floor(Date.now() / 1000) + 3_600 }],
    ['without a jti', { jti: undefined }],
    ['with an empty jti', { jti: '' }],
    ['with a jti that is none', { jti: 7 as unknown as string }],
    ['with a jti of a megabyte, nearly', { jti: 'x'.repeat(300) }],
  ])('%s is refused', async (_, changed) => {
    const assertion = await sign(key, claimsFor(id, changed));
    expect(errorOf(await show(assertion, { client_id: id }))).toEqual(REFUSED);
  });

  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it('with alg none is refused', async () => {
    for (const alg of ['none', 'None', '']) {
      const assertion = `${encode({ alg })}.${encode(claimsFor(id))}.`;
      expect(errorOf(await show(assertion, { client_id: id }))).toEqual(REFUSED);
    }
  });

  it('with HS256 and the public key as the secret is refused', async () => {
    const jwk = key.publicJwk as JsonWebKey;
    const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({
      type: 'spki',
      format: 'pem',
    });
    for (const secret of [pem, JSON.stringify(key.publicJwk)]) {
      const text = `${encode({ alg: 'HS256' })}.${encode(claimsFor(id))}`;
      const mac = createHmac('sha256', secret).update(text).digest('base64url');
      expect(errorOf(await show(`${text}.${mac}`, { client_id: id }))).toEqual(REFUSED);
    }
  });

  it('of another client’s key is refused, and so is one with a key of its own in its header', async () => {
    const other = await newClientKey();
    const theirs = await registerApp(app.api, admin, { jwks: { keys: [other.publicJwk] } });
    expect(errorOf(await show(await sign(other, claimsFor(id))))).toEqual(REFUSED);
    const named = await sign(other, claimsFor(theirs.id));
    expect(errorOf(await show(named, { client_id: id }))).toEqual(REFUSED);
    expect((await show(named)).status).toBe(200);
  });

  it('of a client that has a secret, is public, disabled or unknown is refused', async () => {
    const client = await createClient(app.api, admin);
    const spa = await registerApp(app.api, admin, { type: 'public' });
    const gone = await registerApp(app.api, admin, { jwks: { keys: [key.publicJwk] } });
    await app.api.patch(`/admin/clients/${gone.id}`, { status: 'disabled' }, by());
    for (const clientId of [client.id, spa.id, gone.id, 'latchkey', 'nobody', '']) {
      const assertion = await sign(key, claimsFor(clientId));
      expect(errorOf(await show(assertion, { client_id: clientId }))).toEqual(REFUSED);
      const refresh = { grant_type: 'refresh_token', refresh_token: 'lkr_x' };
      expect(errorOf(await show(assertion, { client_id: clientId, ...refresh }))).toEqual(REFUSED);
    }
  });

  it('beside a secret, or without its type, is no way to say who one is', async () => {
    const assertion = await sign(key, claimsFor(id));
    for (const form of [
      { client_secret: 'x', client_id: id },
      { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' },
      { client_assertion_type: '' },
      { client_assertion: '' },
    ] as Record<string, string>[]) {
      expect(errorOf(await show(assertion, form))).toEqual([400, 'invalid_request']);
    }
    const form = { ...CREDENTIALS, ...formOf(assertion) };
    const twice = await postForm(app.api, '/oauth/token', form, { id, secret: 'x' });
    expect(errorOf(twice)).toEqual([400, 'invalid_request']);
    expect((await show(assertion)).status).toBe(200);
    expect(errorOf(await show('no token'))).toEqual(REFUSED);
  });

  it('is remembered for as long as it is good, and no longer', async () => {
    await app.stores.query(
      `UPDATE used_client_assertions SET expires_at = clock_timestamp() - interval '1 second'`,
    );
    const count = async () => {
      const [row] = await app.stores.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM used_client_assertions',
      );
      return row?.count ?? 0;
    };
    const before = await count();
    expect(before).toBeGreaterThan(2);
    await show(await sign(key, claimsFor(id)));
    expect(await count()).toBe(before - 1);
  });
});

describe('keys that are refused', () => {
  it.each<[string, () => unknown]>([
    ['none', () => ({ keys: [] })],
    ['no set', () => [key.publicJwk]],
    ['a private one', () => ({ keys: [{ ...key.publicJwk, d: 'x' }] })],
    ['a shared secret', () => ({ keys: [{ kty: 'oct', k: 'c2VjcmV0' }] })],
    ['one for encryption', () => ({ keys: [{ ...key.publicJwk, use: 'enc' }] })],
    ['one of HS256', () => ({ keys: [{ ...key.publicJwk, alg: 'HS256' }] })],
    ['a point that is on no curve', () => ({ keys: [{ ...key.publicJwk, x: 'AAAA' }] })],
    ['two without a kid', () => ({ keys: [key.publicJwk, key.publicJwk] })],
    ['two with one kid', () => ({ keys: [1, 2].map(() => ({ ...key.publicJwk, kid: 'a' })) })],
    ['a number', () => ({ keys: [7] })],
    ['a short one', () => ({ keys: [{ kty: 'RSA', e: 'AQAB', n: 'x'.repeat(170) }] })],
  ])('%s', async (_, jwks) => {
    const body = { name: 'Shop', roles: [], jwks: jwks() };
    const { status, body: problem } = await app.api.post('/admin/clients', body, by());
    expect([status, problem.errors?.[0]?.field]).toEqual([400, 'jwks']);
  });

  it('of a public client', async () => {
    const body = { name: 'Shop', roles: [], type: 'public', jwks: { keys: [key.publicJwk] } };
    expect((await app.api.post('/admin/clients', body, by())).status).toBe(400);
    expect((await app.api.patch(`/admin/clients/${id}`, { jwks: null }, by())).status).toBe(400);
    const spa = await registerApp(app.api, admin, { type: 'public' });
    const { jwks } = body;
    const changed = await app.api.patch(`/admin/clients/${spa.id}`, { jwks }, by());
    expect([changed.status, changed.body.code]).toEqual([409, 'clients.has_no_secret']);
  });
});

it('the metadata name it, with its algorithms', async () => {
  const { body } = await app.api.get('/.well-known/oauth-authorization-server');
  for (const endpoint of ['token', 'introspection', 'revocation']) {
    expect(body[`${endpoint}_endpoint_auth_methods_supported`]).toContain('private_key_jwt');
    expect(body[`${endpoint}_endpoint_auth_signing_alg_values_supported`]).toEqual([
      'ES256',
      'PS256',
      'RS256',
    ]);
  }
});
