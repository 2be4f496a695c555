import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyRotationSchedule } from '../../../../src/latchkey/tokens/keys/rotation/key-rotation-schedule.js';
import { SigningKeys } from '../../../../src/latchkey/tokens/keys/signing-keys.js';
import { claimsOf, signToken } from '../../../builders/access-tokens.js';
import { type SignedIn, signUpAdmin } from '../../../builders/accounts.js';
import { type App, registerApp, signInAtApp, signUpAtBrowser } from '../../../builders/apps.js';
import { listKeys } from '../../../builders/signing-keys.js';
import { eventually } from '../../../support/eventually.js';
import { Instances } from '../../../support/instances.js';
import { startTestApp, type TestApp } from '../../../support/test-app.js';

/** With secrets of their own they make their keys, and are lent none. */
const ON = {
  SINGLE_SIGN_ON: 'on',
  APP_SECRETS: 'what the keys of this file alone are kept by 0123456789',
};

let instances: Instances;
let app: TestApp;
let elsewhere: TestApp;
let admin: SignedIn;
let usual: App;
let modern: App;
beforeAll(async () => {
  instances = await Instances.start(ON, ON);
  app = instances.at(0).app;
  elsewhere = instances.at(1).app;
  admin = await signUpAdmin(app);
  usual = await registerApp(app.api, admin);
  modern = await registerApp(app.api, admin, { idTokenSignedResponseAlg: 'ES256' });
});
afterAll(() => instances.stop());

const headerOf = (token: string) => decodeProtectedHeader(token);
const idTokenAt = async (client: App, at = app) =>
  (await signInAtApp(at.api, client, await signUpAtBrowser(at))).idToken;
const verify = (token: string, client: App, at = app) =>
  jwtVerify(token, createRemoteJWKSet(new URL('/.well-known/jwks.json', at.origin)), {
    audience: client.id,
  });
const keysOf = async (purpose: string) =>
  (await listKeys(app.api, admin)).filter((key) => Object(key).purpose === purpose);
const currentOf = async (purpose: string) =>
  (await keysOf(purpose)).find(({ status }) => status === 'current')?.kid ?? '';
const rotate = (body: object) =>
  app.api.post('/admin/keys/rotate', body, { token: admin.accessToken });

describe('ID tokens', () => {
  it('are signed by RS256, or as the client has said; each is verified by the JWKS', async () => {
    for (const [client, alg] of [
      [usual, 'RS256'],
      [modern, 'ES256'],
    ] as const) {
      const token = await idTokenAt(client);
      expect(headerOf(token)).toMatchObject({ alg, typ: 'JWT' });
      expect((await verify(token, client)).payload.aud).toBe(client.id);
    }
    const { body } = await app.api.get('/.well-known/openid-configuration');
    expect(body.id_token_signing_alg_values_supported).toEqual(['ES256', 'RS256']);
  });

  it('keys of the second algorithm are published, rotated and shown as the first ones are', async () => {
    const access = await currentOf('access');
    const former = await idTokenAt(usual);
    const [next] = (await keysOf('id_token')).filter(({ status }) => status === 'next');
    expect((await keysOf('id_token')).map(({ algorithm }) => algorithm)).toEqual([
      'RS256',
      'RS256',
    ]);
    expect((await rotate({ purpose: 'id_token' })).body.code).toBe('keys.next_too_new');
    const { status, body } = await rotate({ purpose: 'id_token', force: true });
    expect([status, body]).toMatchObject([200, { kid: next?.kid, purpose: 'id_token' }]);
    expect(await currentOf('access')).toBe(access);
    expect(headerOf(await idTokenAt(usual)).kid).toBe(next?.kid);
    await eventually(
      async () => expect(headerOf(await idTokenAt(usual, elsewhere)).kid).toBe(next?.kid),
      { within: 10 },
    );
    expect((await verify(former, usual)).payload.aud).toBe(usual.id);
  });

  it('a key that is old is rotated by itself, of either purpose', async () => {
    const before = [await currentOf('access'), await currentOf('id_token')];
    await app.stores.query(
      `UPDATE signing_keys SET created_at = created_at - interval '31 days',
         status_changed_at = status_changed_at - interval '31 days'
       WHERE status IN ('current', 'next')`,
    );
    await app.nest.get(KeyRotationSchedule, { strict: false }).runOnce();
    const after = [await currentOf('access'), await currentOf('id_token')];
    expect(after.every((kid) => !before.includes(kid))).toBe(true);
  });

  it('a key that is revoked is out of the JWKS, and another one signs', async () => {
    const kid = await currentOf('id_token');
    const token = await idTokenAt(usual);
    expect(headerOf(token).kid).toBe(kid);
    const by = { token: admin.accessToken };
    expect((await app.api.post(`/admin/keys/${kid}/revoke`, undefined, by)).status).toBe(200);
    await expect(verify(token, usual)).rejects.toThrow();
    await eventually(async () => await expect(verify(token, usual, elsewhere)).rejects.toThrow(), {
      within: 10,
    });
    const next = await idTokenAt(usual);
    expect(headerOf(next).kid).not.toBe(kid);
    expect((await verify(next, usual)).payload.aud).toBe(usual.id);
    expect((await app.api.get('/auth/me', by)).status).toBe(200);
  });

  it('no access token is verified by a key of ID tokens, whatever it says', async () => {
    const { accessToken } = admin;
    const key = app.nest
      .get(SigningKeys, { strict: false })
      .ofIdTokens()
      .find(({ algorithm }) => algorithm === 'RS256');
    if (key === undefined) throw new Error('There is no such key.');
    const forged = signToken(key, claimsOf(accessToken));
    for (const { api } of [app, elsewhere]) {
      expect((await api.get('/auth/me', { token: forged })).body.code).toBe('access.token_invalid');
    }
    // Nor does an ID token become one by what it is signed by.
    for (const client of [usual, modern]) {
      const token = await idTokenAt(client);
      expect((await app.api.get('/auth/me', { token })).status).toBe(401);
      expect((await app.api.get('/oauth/userinfo', { token })).status).toBe(401);
    }
  });

  it('an algorithm that the settings do not offer is refused', async () => {
    for (const idTokenSignedResponseAlg of ['PS256', 'HS256', 'none', null]) {
      const body = { name: 'Shop', roles: [], idTokenSignedResponseAlg };
      const answer = await app.api.post('/admin/clients', body, { token: admin.accessToken });
      expect([answer.status, answer.body.errors?.[0]?.field]).toEqual([
        400,
        'idTokenSignedResponseAlg',
      ]);
    }
    const path = `/admin/clients/${usual.id}`;
    const by = { token: admin.accessToken };
    const changed = await app.api.patch(path, { idTokenSignedResponseAlg: 'PS256' }, by);
    expect(changed.status).toBe(400);
  });
});

it('with JWT_ALGORITHM=RS256 there is one pair of keys, and with single sign-on off as well', async () => {
  for (const env of [{ ...ON, JWT_ALGORITHM: 'RS256' }, {}]) {
    await using other = await startTestApp(env);
    const keys = await listKeys(other.api, await signUpAdmin(other));
    expect(keys.map((key) => [Object(key).purpose, key.status]).sort()).toEqual([
      ['access', 'current'],
      ['access', 'next'],
    ]);
  }
});
